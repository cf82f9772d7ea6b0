/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfNames:
 *
 * Names of PCI and USB devices from udev's hardware database.
 */
typedef struct _PfNames PfNames;

PfNames *pf_names_new (void);
void pf_names_free (PfNames *names);
char *pf_names_get_pci (PfNames *names, guint16 vendor, guint16 device, guint32 class_code);
char *pf_names_get_usb (PfNames *names, guint16 vendor, guint16 product);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfNames, pf_names_free)

G_END_DECLS
