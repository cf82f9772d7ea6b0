/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfIdFile:
 *
 * A pci.ids or usb.ids file: "VVVV  Vendor", and below it, after a tab, "DDDD  Device".
 */
typedef struct _PfIdFile PfIdFile;

PfIdFile *pf_id_file_open (const char *const *paths);
void pf_id_file_free (PfIdFile *file);
gboolean pf_id_file_lookup (
    const PfIdFile *file, guint16 vendor, guint16 device, char **vendor_name, char **device_name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfIdFile, pf_id_file_free)

G_END_DECLS
