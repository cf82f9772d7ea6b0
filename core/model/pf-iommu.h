/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PF_CPU_VENDOR_UNKNOWN,
  PF_CPU_VENDOR_INTEL,
  PF_CPU_VENDOR_AMD,
} PfCpuVendor;

/**
 * PfIommuTable:
 * @PF_IOMMU_TABLE_UNKNOWN: the list of the firmware's ACPI tables cannot be seen
 * @PF_IOMMU_TABLE_ABSENT: neither DMAR (VT-d) nor IVRS (AMD-Vi) is in it
 * @PF_IOMMU_TABLE_PRESENT: one of them is
 *
 * Whether the firmware offers an IOMMU.
 */
typedef enum
{
  PF_IOMMU_TABLE_UNKNOWN,
  PF_IOMMU_TABLE_ABSENT,
  PF_IOMMU_TABLE_PRESENT,
} PfIommuTable;

/**
 * PfIommuFacts:
 * @cpu_vendor: whose kind of IOMMU the machine has: Hygon's CPUs have AMD's, those of Centaur and Zhaoxin
 * Intel's
 * @table: whether the firmware offers one
 * @has_driver: whether the kernel drives one (an entry in class/iommu)
 * @has_groups: whether the kernel has any IOMMU group
 * @parameters: (nullable): the kernel's command line
 *
 * What is known of a machine's IOMMU.
 */
typedef struct
{
  PfCpuVendor cpu_vendor;
  PfIommuTable table;
  gboolean has_driver;
  gboolean has_groups;
  const char *parameters;
} PfIommuFacts;

typedef enum
{
  PF_IOMMU_ON,
  PF_IOMMU_SWITCHED_OFF, /* by a kernel parameter */
  PF_IOMMU_NOT_OFFERED,  /* by the firmware */
  PF_IOMMU_NOT_USED,     /* the firmware offers it, the kernel does not use it */
  PF_IOMMU_OFF,          /* it cannot be told why */
} PfIommuState;

#define PF_IOMMU_MAX_ADVICE 3

/**
 * PfIommuVerdict:
 * @state: what is
 * @what: the same in words
 * @advice: what to do about it, sentences in their order, %NULL after the last; none where it is on
 * @parameter: (nullable): what "%s" in @what and @advice stands for
 *
 * Whether there is an IOMMU, and why not. @what and @advice are message IDs: a front end may translate them
 * before it gives them to pf_iommu_fill().
 */
typedef struct
{
  PfIommuState state;
  const char *what;
  const char *advice[PF_IOMMU_MAX_ADVICE + 1];
  char *parameter;
} PfIommuVerdict;

void pf_iommu_judge (const PfIommuFacts *facts, PfIommuVerdict *verdict);
void pf_iommu_verdict_clear (PfIommuVerdict *verdict);
char *pf_iommu_fill (const char *text, const char *parameter);
char *pf_iommu_describe (const PfIommuFacts *facts);
gboolean pf_iommu_parameters_have (const char *parameters, const char *name, const char *value);
PfCpuVendor pf_cpu_vendor_from_id (const char *id);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfIommuVerdict, pf_iommu_verdict_clear)

G_END_DECLS
