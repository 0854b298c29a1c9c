// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.cardatabridge.doctor.Doctor;
import org.cardatabridge.doctor.Examination;
import org.cardatabridge.doctor.Words;

/** The answers of {@code /api/doctor}. Safe for use by many threads. */
public final class DoctorApi {

  private static final String NOBODY = "nobody was examined yet; POST /api/doctor begins";
  private static final String BUSY =
      "Examining: another examination is under way — wait for its end, a minute at most";

  private final Supplier<Doctor> doctor;
  private final Bundles bundles;

  /** Packs what helps to find a fault. */
  @FunctionalInterface
  public interface Bundles {

    /**
     * A zip file without anything that names a person.
     *
     * @throws IOException where it cannot be packed
     */
    byte[] pack(Examination examination) throws IOException;
  }

  /**
   * A zip file, or why there is none.
   *
   * @param code the HTTP status
   * @param type the content type
   * @param name how to call the file; null without one
   * @param bytes the body
   */
  public record File(int code, String type, String name, byte[] bytes) {

    /** The code and the size. */
    @Override
    public String toString() {
      return "File[" + code + ", " + bytes.length + " bytes]";
    }
  }

  /** Asks for the doctor when somebody needs one, so that nothing of it is there before. */
  public DoctorApi(Supplier<Doctor> doctor, Bundles bundles) {
    this.doctor = doctor;
    this.bundles = bundles;
  }

  /**
   * {@code POST /api/doctor}: examines; 409 while another examination is under way.
   *
   * @param language {@code de} or {@code en}; null is English
   * @throws InterruptedException when interrupted meanwhile
   */
  public Answer examine(String language) throws InterruptedException {
    Optional<Examination> done = doctor.get().examine();
    return done.isPresent() ? told(done.get(), language) : Answer.error(409, BUSY);
  }

  /** {@code GET /api/doctor}: the last examination; 404 before the first. */
  public Answer last(String language) {
    return doctor
        .get()
        .last()
        .map(examination -> told(examination, language))
        .orElseGet(() -> Answer.error(404, NOBODY));
  }

  /**
   * {@code GET /api/doctor/bundle}: the last examination with what helps to find the fault; 404
   * before the first. It begins none: any page elsewhere can let a browser send a GET.
   */
  public File bundle() throws IOException {
    Optional<Examination> examination = doctor.get().last();
    if (examination.isEmpty()) {
      Answer none = Answer.error(404, NOBODY);
      return new File(none.code(), none.type(), null, none.bytes());
    }
    String day = examination.get().at().toString().substring(0, 10);
    return new File(
        200, "application/zip", "cardata-doctor-" + day + ".zip", bundles.pack(examination.get()));
  }

  private static Answer told(Examination examination, String language) {
    Map<String, Object> json = examination.json(Words.of(language));
    return Answer.json(200, json);
  }
}
