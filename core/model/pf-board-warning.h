/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within core/model only. */
#pragma once

/* The host loses what it reaches through tunnels (USB4 specification, chapter 2); the ports of the sockets
 * are those of xHCIs. */
#define PF_HOST_ROUTER_WARNING                                                                               \
  "This is a USB4 host interface. With it go the tunnels of the host to docks, screens and drives at USB4 "  \
  "and Thunderbolt "                                                                                         \
  "ports, and no USB port comes to the guest."
