/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within core/model only. */
#pragma once

#include "pf-loans.h"

G_BEGIN_DECLS

GPtrArray *pf_loan_devices_new (void);
void pf_loan_devices_copy (PfLoan *copy, const PfLoan *loan);
void pf_loan_devices_write (const PfLoan *loan, GKeyFile *file, const char *group);
gboolean pf_loan_devices_read (PfLoan *loan, GKeyFile *file, const char *group);

G_END_DECLS
