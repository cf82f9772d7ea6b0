/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-unmount.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pf-udisks.h"
#include "pf-variant.h"

/* Whether it makes sense to unmount: nothing but mounted disks, and what is overridden, is in the way. */
static gboolean
is_all_in_the_way (GVariant *objections, const char *const *override)
{
  GVariantIter iter;
  GVariant *objection;
  gboolean alone = TRUE;

  g_variant_iter_init (&iter, objections);
  while (g_variant_iter_loop (&iter, "@a{sv}", &objection))
    {
      const char *code = pf_variant_get_string (objection, "code");

      if (!g_str_equal (pf_variant_get_string (objection, "severity"), "soft")
          || (!g_str_equal (code, "mounted") && (override == NULL || !g_strv_contains (override, code))))
        alone = FALSE;
    }
  return alone;
}

/**
 * pf_ctl_unmount:
 * @ctl: this run
 * @objections: an aa{sv} as in Preview
 * @override: (nullable): codes of objections to go on with
 * @power_off: whether to switch the drives off as well
 * @error: why something is still mounted
 *
 * Unmounts what is objected to because it is mounted. Where something else is in the way of the switch as
 * well, nothing is unmounted: the switch will be refused, and say why.
 *
 * Returns: whether to go on with the switch
 */
gboolean
pf_ctl_unmount (
    PfCtl *ctl, GVariant *objections, const char *const *override, gboolean power_off, GError **error)
{
  g_auto (GStrv) mounted = pf_udisks_list_mounted (objections);
  PfUdisksOptions options = { .power_off = power_off, .no_interaction = ctl->no_interaction };
  g_autoptr (GAsyncResult) result = NULL;

  if (mounted[0] == NULL || !is_all_in_the_way (objections, override))
    return TRUE;
  pf_udisks_release_async ((const char *const *) mounted, &options, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  return pf_udisks_release_finish (result, error);
}

/**
 * pf_ctl_unmount_ask:
 * @ctl: this run
 * @objections: an aa{sv} as in Preview, which the person has seen
 * @override: (nullable): codes of objections to go on with
 *
 * Asks on a terminal whether to unmount what is in the way. Nobody is asked where answers are for programs,
 * or where unmounting would not be enough.
 *
 * Returns: whether to
 */
gboolean
pf_ctl_unmount_ask (PfCtl *ctl, GVariant *objections, const char *const *override)
{
  g_auto (GStrv) mounted = pf_udisks_list_mounted (objections);
  g_autofree char *names = g_strjoinv (", ", mounted);
  g_autofree char *question = NULL;
  char answer[16];

  if (mounted[0] == NULL || !is_all_in_the_way (objections, override) || ctl->json || ctl->no_interaction
      || !isatty (STDIN_FILENO) || !isatty (fileno (ctl->errors.file)))
    return FALSE;
  /* Translators: %s are partitions: "sdb1, sdb2"; the letters are those that `locale yesexpr` and `noexpr`
   * take */
  question = g_strdup_printf (_ ("Unmount %s, and go on? [y/N] "), names);
  pf_ctl_screen_write (&ctl->errors, question);
  fflush (ctl->errors.file);
  return fgets (answer, sizeof answer, stdin) != NULL && rpmatch (answer) == 1;
}
