/**
 * What every backend must do, for the tests of each: all primitives with tolerances, special
 * values.
 *
 * <p>In a jar of its own, which modules with a backend use in their tests.
 */
package io.qgpo.tensor.contract;
