/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether this machine has an IOMMU, and what to do where it has none: the one place that makes words of it,
 * for the helper and for the front ends. */

#include "pf-iommu.h"

#include <string.h>

/* Marks text for translation. The helper speaks English, front ends translate. */
#define N_(text) text

/* How firmwares call it. */
static const char vt_d_advice[] = N_ (
    "In the firmware's setup, set “VT-d” (also “Intel Virtualization Technology for Directed I/O”; often "
    "under “Chipset” or “System Agent”) to Enabled. Where there is no such setting, the CPU or the board "
    "cannot do it. Then restart the computer.");
static const char amd_vi_advice[] = N_ (
    "In the firmware's setup, set “IOMMU” (on some boards “AMD-Vi”; often under “AMD CBS”, “NBIO”) to "
    "Enabled, not Auto, and “SVM Mode” to Enabled. Where there is no such setting, the board cannot do it. "
    "Then restart the computer.");
static const char any_advice[] = N_ (
    "In the firmware's setup, set “IOMMU”, “VT-d” or “AMD-Vi” to Enabled. Where there is no such setting, "
    "this machine may not be able to do it. Then restart the computer.");
static const char off_advice[]
    = N_ ("Take %s off the kernel's command line, in Debian in /etc/default/grub, then run update-grub and "
          "restart the computer.");
static const char intel_on_advice[]
    = N_ ("Add intel_iommu=on to the kernel's command line: in Debian to GRUB_CMDLINE_LINUX_DEFAULT in "
          "/etc/default/grub, then run update-grub and restart the computer.");
static const char log_advice[] = N_ (
    "“journalctl -k --grep 'DMAR|AMD-Vi|IOMMU'” says what the kernel thinks of it. A firmware update often "
    "helps.");

static const char *const words[] = {
  [PF_IOMMU_ON] = N_ ("The IOMMU is on."),
  [PF_IOMMU_SWITCHED_OFF] = N_ ("The IOMMU is off: the kernel's parameter %s turns it off."),
  [PF_IOMMU_NOT_OFFERED] = N_ ("The firmware does not offer an IOMMU."),
  [PF_IOMMU_NOT_USED] = N_ ("The firmware offers an IOMMU, and the kernel does not use it."),
  [PF_IOMMU_OFF] = N_ ("The IOMMU is off."),
};

/**
 * pf_cpu_vendor_from_id:
 * @id: (nullable): the vendor_id in /proc/cpuinfo
 *
 * Hygon's CPUs are AMD's, with AMD's IOMMU (arch/x86/kernel/cpu/hygon.c, drivers/iommu/amd). Those of Centaur
 * and Zhaoxin have VT-d and a DMAR table (drivers/iommu/intel/dmar.c).
 *
 * Returns: whose kind of IOMMU such a CPU comes with
 */
PfCpuVendor
pf_cpu_vendor_from_id (const char *id)
{
  static const char *const intel[] = { "GenuineIntel", "CentaurHauls", "  Shanghai  ", "Shanghai", NULL };
  static const char *const amd[] = { "AuthenticAMD", "HygonGenuine", NULL };

  if (id == NULL)
    return PF_CPU_VENDOR_UNKNOWN;
  if (g_strv_contains (intel, id))
    return PF_CPU_VENDOR_INTEL;
  return g_strv_contains (amd, id) ? PF_CPU_VENDOR_AMD : PF_CPU_VENDOR_UNKNOWN;
}

/* Whether @parameter is "NAME=…" with @value among what is listed, separated by commas. */
static gboolean
has_value (const char *parameter, const char *name, const char *value)
{
  gsize length = strlen (name);
  g_auto (GStrv) values = NULL;

  if (strncmp (parameter, name, length) != 0 || parameter[length] != '=')
    return FALSE;
  values = g_strsplit (parameter + length + 1, ",", -1);
  return g_strv_contains ((const char *const *) values, value);
}

/**
 * pf_iommu_parameters_have:
 * @parameters: (nullable): the kernel's command line
 * @name: of a parameter
 * @value: one of the values that it lists
 *
 * Returns: whether "NAME=VALUE" is given, alone or among other values
 */
gboolean
pf_iommu_parameters_have (const char *parameters, const char *name, const char *value)
{
  g_auto (GStrv) list = g_strsplit_set (parameters != NULL ? parameters : "", " \t\n", -1);

  for (guint i = 0; list[i] != NULL; i++)
    if (has_value (list[i], name, value))
      return TRUE;
  return FALSE;
}

/* What turns an IOMMU off: Linux 6.12, Documentation/admin-guide/kernel-parameters.txt. That of the other
 * vendor does nothing; "soft" is AMD's way to say off. */
static gboolean
turns_off (const char *parameter, PfCpuVendor vendor)
{
  gboolean may_be_intel = vendor != PF_CPU_VENDOR_AMD, may_be_amd = vendor != PF_CPU_VENDOR_INTEL;

  return has_value (parameter, "iommu", "off")
         || (may_be_intel && has_value (parameter, "intel_iommu", "off"))
         || (may_be_amd
             && (has_value (parameter, "amd_iommu", "off") || has_value (parameter, "iommu", "soft")));
}

/* Whether a later parameter takes back what @list has at @index: of intel_iommu= the last one counts
 * (intel_iommu_setup() in drivers/iommu/intel/iommu.c), the others can only turn it off. */
static gboolean
is_taken_back (char **list, guint index)
{
  if (!pf_iommu_parameters_have (list[index], "intel_iommu", "off"))
    return FALSE;
  for (guint i = index + 1; list[i] != NULL; i++)
    if (pf_iommu_parameters_have (list[i], "intel_iommu", "on"))
      return TRUE;
  return FALSE;
}

/* Returns: (transfer full) (nullable): every parameter that turns the IOMMU off, with a space between two */
static char *
find_off_switches (const PfIommuFacts *facts)
{
  g_auto (GStrv) list = g_strsplit_set (facts->parameters != NULL ? facts->parameters : "", " \t\n", -1);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; list[i] != NULL; i++)
    if (turns_off (list[i], facts->cpu_vendor) && !is_taken_back (list, i))
      g_string_append_printf (found, "%s%s", found->len > 0 ? " " : "", list[i]);
  return found->len > 0 ? g_strdup (found->str) : NULL;
}

static const char *
get_firmware_advice (PfCpuVendor vendor)
{
  switch (vendor)
    {
    case PF_CPU_VENDOR_INTEL:
      return vt_d_advice;
    case PF_CPU_VENDOR_AMD:
      return amd_vi_advice;
    case PF_CPU_VENDOR_UNKNOWN:
    default:
      return any_advice;
    }
}

static PfIommuState
get_state (const PfIommuFacts *facts, gboolean is_switched_off)
{
  if (facts->has_groups)
    return PF_IOMMU_ON;
  if (facts->table == PF_IOMMU_TABLE_ABSENT && !facts->has_driver)
    return PF_IOMMU_NOT_OFFERED;
  if (is_switched_off)
    return PF_IOMMU_SWITCHED_OFF;
  return facts->table == PF_IOMMU_TABLE_PRESENT || facts->has_driver ? PF_IOMMU_NOT_USED : PF_IOMMU_OFF;
}

/* Only what is not so already. Without the firmware's table a parameter changes nothing, but one that turns
 * the IOMMU off would be in the way once the firmware offers it. */
static void
advise (const PfIommuFacts *facts, PfIommuVerdict *verdict)
{
  gboolean is_intel = facts->cpu_vendor == PF_CPU_VENDOR_INTEL;
  gboolean lacks_on = is_intel && !pf_iommu_parameters_have (facts->parameters, "intel_iommu", "on");
  guint n = 0;

  if (verdict->state == PF_IOMMU_NOT_OFFERED || verdict->state == PF_IOMMU_OFF)
    verdict->advice[n++] = get_firmware_advice (facts->cpu_vendor);
  if (verdict->parameter != NULL)
    verdict->advice[n++] = off_advice;
  else if (verdict->state == PF_IOMMU_NOT_USED || verdict->state == PF_IOMMU_OFF)
    {
      if (lacks_on && !facts->has_driver)
        verdict->advice[n++] = intel_on_advice;
      else if (verdict->state == PF_IOMMU_NOT_USED)
        verdict->advice[n++] = log_advice;
    }
  g_assert (n <= PF_IOMMU_MAX_ADVICE);
}

/**
 * pf_iommu_judge:
 * @facts: what is known
 * @verdict: (out): what follows; pf_iommu_verdict_clear() frees what is in it
 *
 * Tells whether there is an IOMMU and, where there is none, what stops it and what to do. Advice is never
 * against the facts: it does not ask for what is given already, or to take away what is not there.
 */
void
pf_iommu_judge (const PfIommuFacts *facts, PfIommuVerdict *verdict)
{
  memset (verdict, 0, sizeof *verdict);
  if (!facts->has_groups)
    verdict->parameter = find_off_switches (facts);
  verdict->state = get_state (facts, verdict->parameter != NULL);
  verdict->what = words[verdict->state];
  if (verdict->state != PF_IOMMU_ON)
    advise (facts, verdict);
}

/**
 * pf_iommu_verdict_clear:
 * @verdict: a verdict
 */
void
pf_iommu_verdict_clear (PfIommuVerdict *verdict)
{
  g_clear_pointer (&verdict->parameter, g_free);
}

/**
 * pf_iommu_fill:
 * @text: from a #PfIommuVerdict, or its translation
 * @parameter: (nullable): its parameter
 *
 * Returns: (transfer full): @text with @parameter for every "%s"
 */
char *
pf_iommu_fill (const char *text, const char *parameter)
{
  g_auto (GStrv) parts = g_strsplit (text, "%s", -1);

  return g_strjoinv (parameter != NULL ? parameter : "", parts);
}

/**
 * pf_iommu_describe:
 * @facts: what is known
 *
 * Returns: (transfer full): in English, what is and what to do
 */
char *
pf_iommu_describe (const PfIommuFacts *facts)
{
  g_auto (PfIommuVerdict) verdict = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  pf_iommu_judge (facts, &verdict);
  g_string_append (text, verdict.what);
  for (guint i = 0; verdict.advice[i] != NULL; i++)
    g_string_append_printf (text, " %s", verdict.advice[i]);
  return pf_iommu_fill (text->str, verdict.parameter);
}
