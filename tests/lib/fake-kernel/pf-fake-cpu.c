/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-cpu.h"

#include <string.h>

#define VENDOR_LENGTH 12 /* of what CPUID answers */

/**
 * PfFakeCpu:
 * @name: in the board file
 * @vendor: what CPUID answers, in proc/cpuinfo: the c_ident in arch/x86/kernel/cpu
 * @family: in proc/cpuinfo
 * @model: in proc/cpuinfo
 * @has_ivrs: AMD's kind of IOMMU. Hygon's are AMD's (drivers/iommu/amd/init.c); all others have Intel's,
 * which Zhaoxin builds as well
 */
typedef struct
{
  const char *name;
  const char *vendor;
  int family;
  const char *model;
  gboolean has_ivrs;
} PfFakeCpu;

static const PfFakeCpu cpus[] = {
  { "intel", "GenuineIntel", 6, "Intel(R) Core(TM) i7-4790K CPU @ 4.00GHz", FALSE },
  { "amd", "AuthenticAMD", 23, "AMD Ryzen 7 1700 Eight-Core Processor", TRUE },
  { "hygon", "HygonGenuine", 24, "Hygon C86 3185 8-core Processor", TRUE },
  { "zhaoxin", "  Shanghai  ", 7, "ZHAOXIN KaiXian KX-6640MA@2.2+GHz", FALSE },
  { "other", "CentaurHauls", 6, "VIA Eden X4 C4250 @ 1.2+ GHz", FALSE },
};

/* A vendor that stands in the file by what CPUID answers. */
static const PfFakeCpu *
find_by_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (cpus); i++)
    if (strcmp (cpus[i].name, name) == 0 || strcmp (cpus[i].vendor, name) == 0)
      return &cpus[i];
  return NULL;
}

/**
 * pf_fake_cpu_is_known:
 * @name: what a board file says
 *
 * Returns: whether it is a name that is known here, or a vendor as CPUID answers it
 */
gboolean
pf_fake_cpu_is_known (const char *name)
{
  return find_by_name (name) != NULL || strlen (name) == VENDOR_LENGTH;
}

static gboolean
has_ivrs (const PfFakeBoard *board)
{
  const PfFakeCpu *cpu = find_by_name (board->cpu);

  return cpu != NULL && cpu->has_ivrs;
}

/**
 * pf_fake_cpu_get_iommu_table:
 *
 * Returns: the ACPI table with which firmware offers the IOMMU
 */
const char *
pf_fake_cpu_get_iommu_table (const PfFakeBoard *board)
{
  return has_ivrs (board) ? "IVRS" : "DMAR";
}

/**
 * pf_fake_cpu_get_iommu:
 *
 * Returns: the IOMMU's name in sys/class/iommu
 */
const char *
pf_fake_cpu_get_iommu (const PfFakeBoard *board)
{
  return has_ivrs (board) ? "ivhd0" : "dmar0";
}

/**
 * pf_fake_cpu_add_proc_files:
 *
 * Adds proc/cpuinfo, of one processor.
 */
void
pf_fake_cpu_add_proc_files (PfFakeKernel *kernel)
{
  const PfFakeCpu *cpu = find_by_name (kernel->board->cpu);

  pf_fake_node_add_text (kernel->proc, "cpuinfo",
                         "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %d\nmodel name\t: %s\n\n",
                         cpu != NULL ? cpu->vendor : kernel->board->cpu, cpu != NULL ? cpu->family : 6,
                         cpu != NULL ? cpu->model : "unknown");
}
