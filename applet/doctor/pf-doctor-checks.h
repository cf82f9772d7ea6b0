/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-doctor.h"

G_BEGIN_DECLS

GPtrArray *pf_doctor_findings_new (void);

/* The checks of pf_doctor_examine(): each looks at the facts and adds what it finds, or nothing where there
 * is nothing to be said. */

void pf_doctor_check_iommu (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_parameters (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_lenders (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_vfio (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_usb_mode (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_lending (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_lockdown (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_memlock (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_iommufd (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_helper (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_permission (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_tray_host (GPtrArray *findings, const PfDoctorFacts *facts);
void pf_doctor_check_notifications (GPtrArray *findings, const PfDoctorFacts *facts);

G_END_DECLS
