/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS


char *pf_pci_address_normalize (const char *text, GError **error);
gboolean pf_pci_address_is_canonical (const char *text);
int pf_pci_address_compare (const char *a, const char *b);
char *pf_pci_address_to_path_element (const char *address);

G_END_DECLS
