/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-doctor.h"

G_BEGIN_DECLS

char *pf_doctor_report_build (const char *root, const PfDoctorFacts *facts, GPtrArray *findings);

G_END_DECLS
