/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Long enough for "ffffffff:ff:1f.7" and its NUL. */
#define PF_PCI_ADDRESS_SIZE 17

char *pf_pci_address_normalize (const char *text, GError **error);
gboolean pf_pci_address_is_canonical (const char *text);
int pf_pci_address_compare (const char *a, const char *b);
char *pf_pci_address_to_path_element (const char *address);

G_END_DECLS
