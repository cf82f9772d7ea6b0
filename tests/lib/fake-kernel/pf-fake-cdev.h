/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-pci.h"

G_BEGIN_DECLS

void pf_fake_cdev_add_iommu (PfFakeKernel *kernel);
void pf_fake_cdev_add (PfFakePci *pci);
void pf_fake_cdev_remove (PfFakePci *pci);
int pf_fake_cdev_open (
    PfFakePci *pci, pid_t pid, const char *command, const char *const *arguments, gboolean binds);
void pf_fake_cdev_close (PfFakePci *pci);

G_END_DECLS
