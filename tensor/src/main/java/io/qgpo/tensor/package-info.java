/**
 * Tensors over recycled storage and the primitives a device must offer.
 *
 * <p>{@link io.qgpo.tensor.Tensor} is a view of {@link io.qgpo.tensor.Storage}; {@link
 * io.qgpo.tensor.Backend} is the service-provider interface, found by {@link
 * io.qgpo.tensor.Backends}; {@link io.qgpo.tensor.Scope} recycles storage from step to step.
 *
 * <p>May import the JDK only, and none of its own subpackages.
 */
package io.qgpo.tensor;
