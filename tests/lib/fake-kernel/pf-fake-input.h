/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-usb.h"

G_BEGIN_DECLS

void pf_fake_input_add (PfFakeUsb *device, PfFakeNode *interface, guint protocol, guint number);
void pf_fake_input_remove (PfFakeUsb *device);

G_END_DECLS
