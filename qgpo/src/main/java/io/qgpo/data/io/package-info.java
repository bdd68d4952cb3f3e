/**
 * Files of logged transitions: D4RL's HDF5, Minari folders, npz and CSV, read strictly and written
 * atomically; {@link io.qgpo.data.io.DatasetFiles} is the way in.
 *
 * <p>May import {@code io.qgpo.data}, {@code io.qgpo.tensor.io}, jhdf, FastCSV, Jackson and the
 * JDK.
 */
package io.qgpo.data.io;
