/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-usb.h"

G_BEGIN_DECLS

void pf_fake_usb_files_add (PfFakeUsb *device, PfFakeNode *parent);
void pf_fake_usb_files_remove (PfFakeUsb *device);
PfFakeNode *pf_fake_usb_files_get_interface (const PfFakeUsb *device, guint number);
const char *pf_fake_usb_files_get_speed (const PfFakeDevice *spec);

G_END_DECLS
