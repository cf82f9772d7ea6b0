/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-board.h"

G_BEGIN_DECLS

#define PF_FAKE_CHIPS_MAX_PORTS 16

/**
 * PfFakeRouterChip:
 * @xhci: ID of the chip with the routing registers
 * @ehci: IDs of its companions; 0 for none
 * @hub: IDs of the rate matching hubs below them
 * @hub_ports: ports of these hubs
 * @hub_bits: bit of each port of each hub; -1 for a port that is always on the EHCI
 * @usb2_bits: bit of each port of the xHCI's USB2 root hub
 * @usb2_ports: number of these, the internal USBR port included
 * @usb3_ports: ports of the USB3 root hub
 * @mask: what firmware leaves in XUSB2PRM (0xD4)
 *
 * A chipset that can route single USB2 ports.
 */
typedef struct
{
  guint32 xhci;
  guint32 ehci[2];
  guint32 hub[2];
  int hub_ports[2];
  gint8 hub_bits[2][8];
  gint8 usb2_bits[PF_FAKE_CHIPS_MAX_PORTS];
  int usb2_ports;
  int usb3_ports;
  guint32 mask;
} PfFakeRouterChip;

const PfFakeRouterChip *pf_fake_chips_find_router (guint32 id);
const PfFakeRouterChip *pf_fake_chips_find_companion (guint32 id, int *index);
const char *pf_fake_chips_get_driver (guint32 id, guint32 class_code);
const char *pf_fake_chips_get_module (const char *driver);

G_END_DECLS
