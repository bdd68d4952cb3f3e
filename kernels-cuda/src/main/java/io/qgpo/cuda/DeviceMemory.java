package io.qgpo.cuda;

import java.nio.FloatBuffer;

/** A run of float32 elements in the device's memory, or a part of one. */
public final class DeviceMemory {
  private final CudaDriver driver;
  private final CudaDriver.Address address;
  private final long size;

  DeviceMemory(CudaDriver driver, CudaDriver.Address address, long size) {
    this.driver = driver;
    this.address = address;
    this.size = size;
  }

  /** The elements it holds. */
  public long size() {
    return size;
  }

  CudaDriver.Address address() {
    return address;
  }

  /** The part from an element on. */
  public DeviceMemory from(long element) {
    if (element < 0 || element > size) {
      throw new IllegalArgumentException(
          "device memory: expected an element from 0 to " + size + ", found " + element);
    }
    return new DeviceMemory(
        driver, new CudaDriver.Address(address, element * Float.BYTES), size - element);
  }

  /** A part of it. */
  DeviceMemory part(long from, long elements) {
    DeviceMemory rest = from(from);
    if (elements < 0 || elements > rest.size) {
      throw new IllegalArgumentException(
          "device memory: expected at most %d elements from %d on, found %d"
              .formatted(rest.size, from, elements));
    }
    return new DeviceMemory(driver, rest.address, elements);
  }

  /** Copies an array to the front, after all that was launched before. */
  public void write(float[] values) {
    driver.write(this, FloatBuffer.wrap(values), values.length);
  }

  /** The first elements, after all that was launched before. */
  public float[] read(int count) {
    float[] values = new float[count];
    driver.read(this, FloatBuffer.wrap(values), count);
    return values;
  }

  /** Sets all elements, on the stream. */
  public void fill(float value) {
    driver.fill(this, Float.floatToRawIntBits(value));
  }
}
