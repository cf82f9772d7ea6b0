/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-chipset.h"

G_BEGIN_DECLS

/* Ports are named after the pin order that the silicon fixes: port p of EHCI #1's hub is bit p-1, port p of EHCI
 * #2's hub is bit 8+(p-1), also on small SKUs whose first hub has fewer ports. So a name needs no chipset. */
#define PF_PORT_MAP_EHCI2_BASE 8
#define PF_PORT_MAP_EHCI1_BITS 0x000000ffu
#define PF_PORT_MAP_EHCI2_BITS 0x00003f00u
#define PF_PORT_MAP_BITS (PF_PORT_MAP_EHCI1_BITS | PF_PORT_MAP_EHCI2_BITS)
#define PF_PORT_MAP_N_BITS 14

/**
 * PfPortSet:
 * @bits: ports named one by one
 * @all_of_ehci: wildcards: every port that EHCI #1, EHCI #2 has on the board at hand
 *
 * Which ports a profile speaks of.
 */
typedef struct
{
  guint32 bits;
  gboolean all_of_ehci[PF_CHIPSET_MAX_EHCIS];
} PfPortSet;

char *pf_port_map_bit_to_name (guint bit);
gboolean pf_port_set_add_name (PfPortSet *set, const char *name, GError **error);
char **pf_port_set_to_names (const PfPortSet *set);
gboolean pf_port_set_is_empty (const PfPortSet *set);
guint32 pf_port_set_resolve (const PfPortSet *set, guint32 existing);

guint pf_port_map_bit_to_ehci (guint bit);
guint pf_port_map_bit_to_ehci_port (guint bit);
int pf_port_map_ehci_port_to_bit (const PfChipset *chipset, guint ehci, guint port);
int pf_port_map_xhci_port_to_bit (const PfChipset *chipset, guint port);
guint pf_port_map_bit_to_xhci_port (const PfChipset *chipset, guint bit);
guint32 pf_port_map_effective_mask (const PfChipset *chipset,
                                    guint32 firmware_mask,
                                    const gboolean ehci_present[PF_CHIPSET_MAX_EHCIS]);
guint32 pf_port_map_combine (guint32 current, guint32 wanted, guint32 mask);

G_END_DECLS
