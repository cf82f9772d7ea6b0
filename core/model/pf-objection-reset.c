/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of how functions are reset. */

#include "pf-objection-private.h"

#include <string.h>

static gboolean
is_newly_lent (const PfFuture *future, const PfFunction *function)
{
  return pf_function_get_owner (function) != PF_OWNER_GUEST
         && pf_future_get_owner (future, function) == PF_OWNER_GUEST;
}

/* "A", "A and B", "A, B and C" */
static char *
join_names (const GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    {
      if (i > 0)
        g_string_append (text, i + 1 < names->len ? ", " : " and ");
      g_string_append (text, names->pdata[i]);
    }
  return g_string_free (text, FALSE);
}

static char *
describe_no_reset (const GPtrArray *names)
{
  g_autofree char *all = join_names (names);

  if (names->len == 1)
    return g_strdup_printf (
        "%s cannot be reset. It may fail in the guest, or after its return until the computer is "
        "restarted. Lend another controller, or only ports, where there is a choice.",
        all);
  return g_strdup_printf (
      "%s cannot be reset. They may fail in the guest, or after their return until the computer is "
      "restarted. Lend other controllers, or only ports, where there is a choice.",
      all);
}

/**
 * pf_objection_add_resets:
 * @objections: (element-type PfObjection): where to add
 * @future: what a plan leads to
 *
 * Objects to giving the guest controllers that cannot be reset: they arrive in whatever state their last
 * driver left them, and come back so. It is said once, with all their names. Plans that only route ports lend
 * nothing.
 */
void
pf_objection_add_resets (GPtrArray *objections, const PfFuture *future)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *address = NULL;

  for (guint i = 0; i < future->board->controllers->len; i++)
    {
      const PfFunction *function = ((const PfController *) future->board->controllers->pdata[i])->function;

      if (function->reset_methods != NULL || !is_newly_lent (future, function))
        continue;
      if (address == NULL)
        address = function->address;
      g_ptr_array_add (names, pf_function_describe (function));
    }
  if (names->len > 0)
    g_ptr_array_add (objections, pf_objection_new ("no-reset", PF_SEVERITY_SOFT, PF_ERROR_OBJECTION, address,
                                                   describe_no_reset (names)));
}

/* Twins have the same words. */
static PfObjection *
find_same (const GPtrArray *risks, const char *text)
{
  g_autofree char *begin = g_strconcat (text, " (", NULL);

  for (guint i = 0; i < risks->len; i++)
    if (g_str_has_prefix (((const PfObjection *) risks->pdata[i])->message, begin))
      return risks->pdata[i];
  return NULL;
}

static void
object_to_risk (GPtrArray *objections, GPtrArray *risks, const PfFunction *function)
{
  PfObjection *objection = find_same (risks, function->reset_risk);
  g_autofree char *before = NULL;

  if (objection == NULL)
    {
      objection = pf_objection_new ("risky-reset", PF_SEVERITY_SOFT, PF_ERROR_OBJECTION, function->address,
                                    g_strdup_printf ("%s (%s)", function->reset_risk, function->address));
      g_ptr_array_add (risks, objection);
      g_ptr_array_add (objections, objection);
      return;
    }
  before = g_strndup (objection->message, strlen (objection->message) - 1);
  g_free (objection->message);
  objection->message = g_strdup_printf ("%s, %s)", before, function->address);
}

/**
 * pf_objection_add_reset_risks:
 * @objections: (element-type PfObjection): where to add
 * @future: what a plan leads to
 *
 * Objects to lending, or taking along, a function whose reset is known to do harm: see chipsets.conf. The
 * words are those that the list of controllers shows; the address of each function follows.
 */
void
pf_objection_add_reset_risks (GPtrArray *objections, const PfFuture *future)
{
  g_autoptr (GPtrArray) risks = g_ptr_array_new ();

  for (guint i = 0; i < future->board->functions->len; i++)
    {
      const PfFunction *function = future->board->functions->pdata[i];

      if (function->reset_risk != NULL && is_newly_lent (future, function))
        object_to_risk (objections, risks, function);
    }
}
