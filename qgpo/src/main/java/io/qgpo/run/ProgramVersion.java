package io.qgpo.run;

/** Which version of the program this is. */
public final class ProgramVersion {
  private ProgramVersion() {}

  /** Version of the jar, or "development" where classes run from a folder. */
  public static String text() {
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
