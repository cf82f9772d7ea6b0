/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-usb.h"

G_BEGIN_DECLS

void pf_fake_disk_boot (PfFakeKernel *kernel);
void pf_fake_disk_attach (PfFakeKernel *kernel, const char *on, PfFakeNode *parent);
void pf_fake_disk_attach_usb (PfFakeUsb *device);
void pf_fake_disk_detach (PfFakeKernel *kernel, const char *on);
void pf_fake_disk_add_proc_files (PfFakeKernel *kernel);
int pf_fake_disk_mount (PfFakeKernel *kernel, const char *partition, const char *where);
void pf_fake_disk_free (gpointer disk);

G_END_DECLS
