/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-doctor-facts.h"

G_BEGIN_DECLS

/**
 * PfDoctorState:
 * @PF_DOCTOR_OK: as it should be
 * @PF_DOCTOR_HINT: works, and there is something to know
 * @PF_DOCTOR_WARNING: a part of Portferry does not work, or not as one would expect
 * @PF_DOCTOR_PROBLEM: nothing can be lent
 *
 * In the order of how bad it is.
 */
typedef enum
{
  PF_DOCTOR_OK,
  PF_DOCTOR_HINT,
  PF_DOCTOR_WARNING,
  PF_DOCTOR_PROBLEM,
} PfDoctorState;

/**
 * PfDoctorFinding:
 * @state: how bad it is
 * @code: names the check, for scripts; never translated
 * @what: what is
 * @meaning: what that means for lending
 * @advice: (nullable): what to do about it; %NULL where there is nothing to do
 *
 * What one check has found, in words.
 */
typedef struct
{
  PfDoctorState state;
  const char *code;
  char *what;
  char *meaning;
  char *advice;
} PfDoctorFinding;

GPtrArray *pf_doctor_examine (const PfDoctorFacts *facts);
PfDoctorState pf_doctor_get_worst (GPtrArray *findings);
const char *pf_doctor_state_get_name (PfDoctorState state);
const char *pf_doctor_state_get_word (PfDoctorState state);
const char *pf_doctor_state_get_symbol (PfDoctorState state);

void pf_doctor_add (GPtrArray *findings,
                    PfDoctorState state,
                    const char *code,
                    char *what,
                    const char *meaning,
                    const char *advice);

G_END_DECLS
