/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Findings, and the names of their states. */

#include <glib/gi18n.h>

#include "pf-doctor-checks.h"

static void
free_finding (gpointer data)
{
  PfDoctorFinding *finding = data;

  g_free (finding->what);
  g_free (finding->meaning);
  g_free (finding->advice);
  g_free (finding);
}

/**
 * pf_doctor_findings_new:
 *
 * Returns: (transfer full) (element-type PfDoctorFinding): none yet
 */
GPtrArray *
pf_doctor_findings_new (void)
{
  return g_ptr_array_new_with_free_func (free_finding);
}

/**
 * pf_doctor_add:
 * @findings: where it goes
 * @state: how bad it is
 * @code: (transfer none): names the check; a static string
 * @what: (transfer full): what is
 * @meaning: what that means
 * @advice: (nullable): what to do
 */
void
pf_doctor_add (GPtrArray *findings,
               PfDoctorState state,
               const char *code,
               char *what,
               const char *meaning,
               const char *advice)
{
  PfDoctorFinding *finding = g_new0 (PfDoctorFinding, 1);

  finding->state = state;
  finding->code = code;
  finding->what = what;
  finding->meaning = g_strdup (meaning);
  finding->advice = g_strdup (advice);
  g_ptr_array_add (findings, finding);
}

static const struct
{
  const char *name;
  const char *word;
  const char *symbol;
} states[] = {
  [PF_DOCTOR_OK] = { "ok", N_ ("OK"), "✓" },
  [PF_DOCTOR_HINT] = { "hint", N_ ("Hint"), "i" },
  [PF_DOCTOR_WARNING] = { "warning", N_ ("Warning"), "!" },
  [PF_DOCTOR_PROBLEM] = { "problem", N_ ("Problem"), "✗" },
};

/**
 * pf_doctor_state_get_name:
 *
 * Returns: (transfer none): its name for scripts; never translated
 */
const char *
pf_doctor_state_get_name (PfDoctorState state)
{
  return states[state].name;
}

/**
 * pf_doctor_state_get_word:
 *
 * Returns: (transfer none): its name for people, translated
 */
const char *
pf_doctor_state_get_word (PfDoctorState state)
{
  return _ (states[state].word);
}

/**
 * pf_doctor_state_get_symbol:
 *
 * Returns: (transfer none): one character, each state its own
 */
const char *
pf_doctor_state_get_symbol (PfDoctorState state)
{
  return states[state].symbol;
}
