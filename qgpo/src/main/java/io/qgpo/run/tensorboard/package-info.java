/**
 * TensorBoard's event files: records in its framing around its protocol buffers.
 *
 * <p>May import protobuf and the JDK. {@code TensorBoardProto} is generated.
 */
package io.qgpo.run.tensorboard;
