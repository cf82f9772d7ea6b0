/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"
#include "pf-doctor-facts.h"

G_BEGIN_DECLS

void pf_doctor_lenders_read (PfClient *client, PfDoctorFacts *facts);
void pf_doctor_facts_add_lender (
    PfDoctorFacts *facts, const char *name, const char *code, const char *who, const char *advice);
gboolean pf_doctor_facts_have_lender (const PfDoctorFacts *facts, const char *code);

G_END_DECLS
