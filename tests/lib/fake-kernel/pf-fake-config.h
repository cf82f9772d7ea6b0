/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-pci.h"

G_BEGIN_DECLS

/* Registers of an Intel xHCI that can route: which port is on it, which bits may change, the same for
 * SuperSpeed. */
#define PF_FAKE_CONFIG_XUSB2PR 0xd0
#define PF_FAKE_CONFIG_XUSB2PRM 0xd4
#define PF_FAKE_CONFIG_USB3_PSSEN 0xd8
#define PF_FAKE_CONFIG_USB3PRM 0xdc

gboolean pf_fake_config_fill (PfFakePci *pci, GError **error);
guint32 pf_fake_config_get (const PfFakePci *pci, gsize offset);
void pf_fake_config_put (PfFakePci *pci, gsize offset, const void *bytes, gsize size);
void pf_fake_config_put32 (PfFakePci *pci, gsize offset, guint32 value);
void pf_fake_config_route_all_to_xhci (PfFakePci *xhci);
gssize pf_fake_config_read (gpointer pci, gboolean privileged, char *buffer, gsize size, goffset offset);
int pf_fake_config_write (gpointer pci, PfFakeCall *call);

G_END_DECLS
