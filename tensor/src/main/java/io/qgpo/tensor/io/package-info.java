/**
 * Array files: safetensors, npy and npz, atomic writes, and a mapped matrix of floats on disk.
 * Every reader is strict and bounded, every writer atomic. Imports only the JDK, no tensor classes.
 */
package io.qgpo.tensor.io;
