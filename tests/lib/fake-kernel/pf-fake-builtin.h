/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-usb.h"

G_BEGIN_DECLS

void pf_fake_builtin_start (PfFakeKernel *kernel);
void pf_fake_builtin_attach (PfFakeKernel *kernel, const char *on, PfFakeNode *device, gboolean is_adapter);
void pf_fake_builtin_detach (PfFakeKernel *kernel, const char *on);
void pf_fake_builtin_free (gpointer builtin);
gboolean pf_fake_builtin_check_board (PfFakeKernel *kernel, GError **error);

G_END_DECLS
