// SPDX-License-Identifier: Apache-2.0
/** BMW CarData to MQTT, databases and your own Camel routes: the parts that all packages share. */
package org.cardatabridge;
