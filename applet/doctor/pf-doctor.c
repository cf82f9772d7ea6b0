/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-doctor.h"

#include "pf-doctor-checks.h"

/**
 * pf_doctor_examine:
 * @facts: what is known of the machine, the user and the desktop
 *
 * All checks. Pure: looks at nothing but @facts.
 *
 * Returns: (transfer full) (element-type PfDoctorFinding): what they have found, the machine first, then the
 * user and the desktop
 */
GPtrArray *
pf_doctor_examine (const PfDoctorFacts *facts)
{
  GPtrArray *findings = pf_doctor_findings_new ();

  pf_doctor_check_iommu (findings, facts);
  pf_doctor_check_parameters (findings, facts);
  pf_doctor_check_lenders (findings, facts);
  pf_doctor_check_vfio (findings, facts);
  pf_doctor_check_usb_mode (findings, facts);
  pf_doctor_check_lending (findings, facts);
  pf_doctor_check_lockdown (findings, facts);
  pf_doctor_check_memlock (findings, facts);
  pf_doctor_check_iommufd (findings, facts);
  pf_doctor_check_helper (findings, facts);
  pf_doctor_check_permission (findings, facts);
  pf_doctor_check_tray_host (findings, facts);
  pf_doctor_check_notifications (findings, facts);
  return findings;
}

/**
 * pf_doctor_get_worst:
 * @findings: what pf_doctor_examine() has found
 *
 * Returns: the worst state among them
 */
PfDoctorState
pf_doctor_get_worst (GPtrArray *findings)
{
  PfDoctorState worst = PF_DOCTOR_OK;

  for (guint i = 0; i < findings->len; i++)
    worst = MAX (worst, ((PfDoctorFinding *) g_ptr_array_index (findings, i))->state);
  return worst;
}
