/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-doctor-facts.h"

G_BEGIN_DECLS

guint64 pf_doctor_guests_parse_memory (const char *cmdline, gsize length);
void pf_doctor_guests_read (PfDoctorFacts *facts, const char *root);

G_END_DECLS
