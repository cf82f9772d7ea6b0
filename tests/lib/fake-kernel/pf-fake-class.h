/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-pci.h"

G_BEGIN_DECLS

gboolean pf_fake_class_check_board (PfFakeKernel *kernel, GError **error);
void pf_fake_class_boot (PfFakeKernel *kernel);
void pf_fake_class_attach (PfFakeKernel *kernel, const char *on, PfFakeNode *device);
void pf_fake_class_detach (PfFakeKernel *kernel, const char *on, PfFakeNode *device);
void pf_fake_class_add_proc_files (PfFakeKernel *kernel);

G_END_DECLS
