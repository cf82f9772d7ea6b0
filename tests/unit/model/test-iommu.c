/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-iommu.h"

/* Facts, and what the advice has to say and must not say. */
typedef struct
{
  const char *name;
  PfIommuFacts facts;
  PfIommuState state;
  const char *has[3];
  const char *lacks[3];
} Case;

static const Case cases[] = {
  { "asus-hm76-i3",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_ABSENT, FALSE, FALSE, "quiet intel_iommu=on iommu=pt" },
    PF_IOMMU_NOT_OFFERED,
    { "VT-d", "cannot do it" },
    { "intel_iommu", "AMD" } },
  { "no table and no parameter",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_ABSENT, FALSE, FALSE, "quiet" },
    PF_IOMMU_NOT_OFFERED,
    { "VT-d" },
    { "intel_iommu" } },
  { "steam-deck",
    { PF_CPU_VENDOR_AMD, PF_IOMMU_TABLE_ABSENT, FALSE, FALSE, "quiet" },
    PF_IOMMU_NOT_OFFERED,
    { "AMD-Vi" },
    { "amd_iommu", "VT-d", "Take " } },
  { "AMD, switched off",
    { PF_CPU_VENDOR_AMD, PF_IOMMU_TABLE_PRESENT, FALSE, FALSE, "amd_iommu=off quiet" },
    PF_IOMMU_SWITCHED_OFF,
    { "Take amd_iommu=off off" },
    { "firmware's setup" } },
  { "Intel's switch on AMD",
    { PF_CPU_VENDOR_AMD, PF_IOMMU_TABLE_PRESENT, FALSE, FALSE, "intel_iommu=off" },
    PF_IOMMU_NOT_USED,
    { "journalctl" },
    { "intel_iommu" } },
  { "AMD's way to say off on Intel",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_PRESENT, FALSE, FALSE, "iommu=soft" },
    PF_IOMMU_NOT_USED,
    { "Add intel_iommu=on" },
    { "soft" } },
  { "both to be done",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_ABSENT, FALSE, FALSE, "iommu=off intel_iommu=on,off" },
    PF_IOMMU_NOT_OFFERED,
    { "VT-d", "Take iommu=off intel_iommu=on,off off" },
    { "Add" } },
  { "offered and not asked for",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_PRESENT, FALSE, FALSE, NULL },
    PF_IOMMU_NOT_USED,
    { "Add intel_iommu=on" },
    { "firmware's setup" } },
  { "offered, asked for and not used",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_PRESENT, FALSE, FALSE, "intel_iommu=on" },
    PF_IOMMU_NOT_USED,
    { "journalctl" },
    { "Add" } },
  { "not seen",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_UNKNOWN, FALSE, FALSE, "" },
    PF_IOMMU_OFF,
    { "VT-d", "Add intel_iommu=on" },
    { "AMD-Vi" } },
  { "not seen, asked for",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_UNKNOWN, FALSE, FALSE, "intel_iommu=on" },
    PF_IOMMU_OFF,
    { "VT-d" },
    { "intel_iommu" } },
  { "nobody knows",
    { PF_CPU_VENDOR_UNKNOWN, PF_IOMMU_TABLE_UNKNOWN, FALSE, FALSE, NULL },
    PF_IOMMU_OFF,
    { "VT-d", "AMD-Vi" },
    { "Add", "Take" } },
  { "on",
    { PF_CPU_VENDOR_INTEL, PF_IOMMU_TABLE_PRESENT, TRUE, TRUE, "iommu=off" },
    PF_IOMMU_ON,
    { "The IOMMU is on." },
    { "setup", "Take" } },
};

static void
test_advice (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *each = &cases[i];
      g_auto (PfIommuVerdict) verdict = { 0 };
      g_autofree char *text = pf_iommu_describe (&each->facts);

      g_test_message ("%s: %s", each->name, text);
      pf_iommu_judge (&each->facts, &verdict);
      g_assert_cmpint (verdict.state, ==, each->state);
      for (guint k = 0; k < G_N_ELEMENTS (each->has) && each->has[k] != NULL; k++)
        g_assert_nonnull (strstr (text, each->has[k]));
      for (guint k = 0; k < G_N_ELEMENTS (each->lacks) && each->lacks[k] != NULL; k++)
        g_assert_null (strstr (text, each->lacks[k]));
      g_assert_null (strstr (text, "%s"));
    }
}

static void
test_vendors (void)
{
  g_assert_cmpint (pf_cpu_vendor_from_id ("GenuineIntel"), ==, PF_CPU_VENDOR_INTEL);
  g_assert_cmpint (pf_cpu_vendor_from_id ("CentaurHauls"), ==, PF_CPU_VENDOR_INTEL);
  g_assert_cmpint (pf_cpu_vendor_from_id ("Shanghai"), ==, PF_CPU_VENDOR_INTEL);
  g_assert_cmpint (pf_cpu_vendor_from_id ("AuthenticAMD"), ==, PF_CPU_VENDOR_AMD);
  g_assert_cmpint (pf_cpu_vendor_from_id ("HygonGenuine"), ==, PF_CPU_VENDOR_AMD);
  g_assert_cmpint (pf_cpu_vendor_from_id ("VirtualApple"), ==, PF_CPU_VENDOR_UNKNOWN);
  g_assert_cmpint (pf_cpu_vendor_from_id (NULL), ==, PF_CPU_VENDOR_UNKNOWN);
}

/* A parameter is whatever somebody wrote on the command line. */
static void
test_fill (void)
{
  g_autofree char *filled = pf_iommu_fill ("a %s b %s", "%s%n");
  g_autofree char *plain = pf_iommu_fill ("nothing", NULL);

  g_assert_cmpstr (filled, ==, "a %s%n b %s%n");
  g_assert_cmpstr (plain, ==, "nothing");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iommu/advice", test_advice);
  g_test_add_func ("/iommu/vendors", test_vendors);
  g_test_add_func ("/iommu/fill", test_fill);
  return g_test_run ();
}
