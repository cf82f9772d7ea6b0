/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-pci.h"

G_BEGIN_DECLS

void pf_fake_lender_add_files (PfFakeKernel *kernel);
void pf_fake_lender_add_ids (PfFakeDriver *driver);
gboolean pf_fake_lender_takes (const PfFakeDriver *driver, const PfFakePci *pci);

G_END_DECLS
