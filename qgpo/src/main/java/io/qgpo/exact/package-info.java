/**
 * What is known in closed form, in double precision, to hold the implementation against.
 *
 * <p>May import the JDK.
 */
package io.qgpo.exact;
