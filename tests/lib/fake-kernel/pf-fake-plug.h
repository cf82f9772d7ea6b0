/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-usb.h"

G_BEGIN_DECLS

gboolean pf_fake_plug_check_board (PfFakeKernel *kernel, GError **error);
gboolean pf_fake_plug_insert (PfFakeKernel *kernel, const PfFakeDevice *spec, GError **error);
PfFakeUsb *pf_fake_plug_find (PfFakeKernel *kernel, const char *socket);
gboolean pf_fake_plug_pull (PfFakeKernel *kernel, const char *socket);
void pf_fake_plug_settle (PfFakeKernel *kernel);
void pf_fake_plug_settle_later (PfFakeKernel *kernel);
void pf_fake_plug_free_all (PfFakeKernel *kernel);

G_END_DECLS
