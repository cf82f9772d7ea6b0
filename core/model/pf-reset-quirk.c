/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-reset-quirk.h"

#include "pf-chipset-file.h"
#include "pf-error.h"

static const char *const known_keys[]
    = { "text", "severity", "kernel_before", "method", "shared_group", NULL };

/* What the kernel can write into reset_method (pci_reset_fn_methods in drivers/pci/pci.c, Linux 6.12). */
static const char *const methods[]
    = { "device_specific", "acpi", "flr", "af_flr", "pm", "bus", "cxl_bus", NULL };

/**
 * pf_reset_quirk_free:
 * @quirk: (transfer full): a quirk
 */
void
pf_reset_quirk_free (PfResetQuirk *quirk)
{
  g_free (quirk->text);
  g_free (quirk->method);
  g_free (quirk);
}

/**
 * pf_kernel_version_parse:
 * @text: a release such as "6.1.0-28-amd64", or a version such as "5.8"
 * @version: (out): see PF_KERNEL_VERSION()
 *
 * Returns: whether @text begins with a version
 */
gboolean
pf_kernel_version_parse (const char *text, guint *version)
{
  char *end = NULL;
  guint64 major = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &end, 10) : 0;
  guint64 minor;

  if (major == 0 || major > 0x7fff || *end != '.' || !g_ascii_isdigit (end[1]))
    return FALSE;
  minor = g_ascii_strtoull (end + 1, NULL, 10);
  if (minor > 0xffff)
    return FALSE;
  *version = PF_KERNEL_VERSION (major, minor);
  return TRUE;
}

/* Whoever writes down a quirk without more has been harmed by it. */
static gboolean
read_severity (GKeyFile *file, const char *group, PfResetQuirk *quirk, GError **error)
{
  g_autofree char *text = NULL;

  if (!pf_chipset_file_read_text (file, group, "severity", &text, error))
    return FALSE;
  quirk->is_risk = g_strcmp0 (text, "note") != 0;
  return text == NULL || g_str_equal (text, "risk") || g_str_equal (text, "note")
         || pf_chipset_file_fail (error, group, "severity", "“risk” or “note” is needed");
}

static gboolean
read_kernel (GKeyFile *file, const char *group, PfResetQuirk *quirk, GError **error)
{
  g_autofree char *text = NULL;

  if (!pf_chipset_file_read_text (file, group, "kernel_before", &text, error))
    return FALSE;
  return text == NULL || pf_kernel_version_parse (text, &quirk->kernel_before)
         || pf_chipset_file_fail (error, group, "kernel_before", "“%s” is not a version like 5.8", text);
}

static gboolean
read_method (GKeyFile *file, const char *group, PfResetQuirk *quirk, GError **error)
{
  if (!pf_chipset_file_read_text (file, group, "method", &quirk->method, error))
    return FALSE;
  return quirk->method == NULL || g_strv_contains (methods, quirk->method)
         || pf_chipset_file_fail (error, group, "method", "“%s” is no way to reset a function",
                                  quirk->method);
}

static gboolean
read_shared_group (GKeyFile *file, const char *group, PfResetQuirk *quirk, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, "shared_group", NULL))
    return TRUE;
  quirk->shared_group = g_key_file_get_boolean (file, group, "shared_group", &wrong);
  return wrong == NULL || pf_chipset_file_fail (error, group, "shared_group", "true or false is needed");
}

static gboolean
check_keys (GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    if (!g_strv_contains (known_keys, keys[i]))
      return pf_chipset_file_fail (error, group, keys[i], "is not a key of this group");
  return TRUE;
}

/**
 * pf_reset_quirk_read:
 * @file: a chipsets.conf
 * @group: one of its groups, [reset-quirk ...]
 * @error: PF_ERROR_INVALID_ARGUMENT naming the group and the key
 *
 * Returns: (transfer full): what it says, or NULL
 */
PfResetQuirk *
pf_reset_quirk_read (GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (PfResetQuirk) quirk = g_new0 (PfResetQuirk, 1);

  if (!check_keys (file, group, error)
      || !pf_chipset_file_read_text (file, group, "text", &quirk->text, error))
    return NULL;
  if (quirk->text == NULL)
    {
      pf_chipset_file_fail (error, group, "text", "is missing");
      return NULL;
    }
  if (!read_severity (file, group, quirk, error) || !read_kernel (file, group, quirk, error)
      || !read_method (file, group, quirk, error) || !read_shared_group (file, group, quirk, error))
    return NULL;
  return g_steal_pointer (&quirk);
}

/* Before Linux 5.15 there was only the trigger, and no word about how: the scanner then says "reset". */
static gboolean
may_use (const PfResetFacts *facts, const char *method)
{
  if (facts->methods == NULL)
    return FALSE;
  return g_strv_contains ((const char *const *) facts->methods, method)
         || g_strv_contains ((const char *const *) facts->methods, "reset");
}

/**
 * pf_reset_quirk_holds:
 * @quirk: what is known of a chip
 * @facts: what the machine says about it
 *
 * Returns: whether nothing that is known of the machine contradicts it
 */
gboolean
pf_reset_quirk_holds (const PfResetQuirk *quirk, const PfResetFacts *facts)
{
  if (quirk->kernel_before != 0 && facts->kernel_version >= quirk->kernel_before)
    return FALSE;
  if (quirk->method != NULL && !may_use (facts, quirk->method))
    return FALSE;
  return !quirk->shared_group || !facts->group_is_known || facts->others_go_along;
}
