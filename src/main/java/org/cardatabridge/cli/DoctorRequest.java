// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

/**
 * What {@code bridge doctor} was asked for. Immutable.
 *
 * @param json whether a program reads it
 * @param bundle where to put the bundle; empty for a name of its own; null for no bundle
 */
record DoctorRequest(boolean json, String bundle) {}
