/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-kernel.h"

G_BEGIN_DECLS

gboolean pf_fake_cpu_is_known (const char *name);
const char *pf_fake_cpu_get_iommu_table (const PfFakeBoard *board);
const char *pf_fake_cpu_get_iommu (const PfFakeBoard *board);
void pf_fake_cpu_add_proc_files (PfFakeKernel *kernel);

G_END_DECLS
