/**
 * Networks: a tree of modules with named parameters, their layers and initialisation.
 *
 * <p>May import {@code io.qgpo.autograd}, its operations, {@code io.qgpo.tensor} and the JDK.
 */
package io.qgpo.autograd.nn;
