/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean pf_pci_ids_parse (const char *text, guint16 *vendor, guint16 *device);
char *pf_pci_ids_to_string (guint16 vendor, guint16 device);

G_END_DECLS
