/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What others than Portferry have lent: one finding for each of those who did. */

#include "pf-doctor-lender.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pf-doctor-checks.h"

/* How the part of GiveBack begins that is the same for all controllers of one lender: pf_lender_advise_for_good(). */
#define FOR_GOOD "For good:"

static void
free_lender (gpointer data)
{
  PfDoctorLender *lender = data;

  g_free (lender->name);
  g_free (lender->code);
  g_free (lender->who);
  g_free (lender->advice);
  g_free (lender);
}

/**
 * pf_doctor_facts_add_lender:
 * @name: what is lent, with its address
 * @code: LenderCode on the bus
 * @who: Lender
 * @advice: GiveBack
 */
void
pf_doctor_facts_add_lender (
    PfDoctorFacts *facts, const char *name, const char *code, const char *who, const char *advice)
{
  PfDoctorLender *lender = g_new0 (PfDoctorLender, 1);

  lender->name = g_strdup (name);
  lender->code = g_strdup (code);
  lender->who = g_strdup (who);
  lender->advice = g_strdup (advice);
  if (facts->lenders == NULL)
    facts->lenders = g_ptr_array_new_with_free_func (free_lender);
  g_ptr_array_add (facts->lenders, lender);
}

/**
 * pf_doctor_facts_have_lender:
 * @code: LenderCode on the bus
 *
 * Returns: whether anything is lent by one of that kind
 */
gboolean
pf_doctor_facts_have_lender (const PfDoctorFacts *facts, const char *code)
{
  for (guint i = 0; facts->lenders != NULL && i < facts->lenders->len; i++)
    if (g_strcmp0 (((const PfDoctorLender *) facts->lenders->pdata[i])->code, code) == 0)
      return TRUE;
  return FALSE;
}

/**
 * pf_doctor_lenders_read:
 * @client: that has reached the helper
 * @facts: what to add to
 */
void
pf_doctor_lenders_read (PfClient *client, PfDoctorFacts *facts)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusController *controller = controllers->pdata[i];
      const char *who = pf_dbus_controller_get_lender (controller);
      g_autofree char *name = NULL;

      if (who == NULL || *who == '\0')
        continue;
      name = g_strdup_printf ("%s (%s)", pf_dbus_controller_get_name (controller),
                              pf_dbus_controller_get_address (controller));
      pf_doctor_facts_add_lender (facts, name, pf_dbus_controller_get_lender_code (controller), who,
                                  pf_dbus_controller_get_give_back (controller));
    }
}

/* Takes over what @lender adds to a finding that begins with another controller of the same who. */
static void
add_controller (GString *names, GString *now, GString *for_good, const PfDoctorLender *lender)
{
  const char *end = strstr (lender->advice, FOR_GOOD);
  g_autofree char *first
      = end != NULL ? g_strndup (lender->advice, (gsize) (end - lender->advice)) : g_strdup (lender->advice);

  g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", lender->name);
  g_string_append_printf (now, "%s%s", now->len > 0 ? " " : "", g_strstrip (first));
  if (end != NULL && strstr (for_good->str, end) == NULL)
    g_string_append_printf (for_good, " %s", end);
}

/* Returns: whether one before @number was lent by the same, and so has said it */
static gboolean
is_said (const GPtrArray *lenders, guint number)
{
  const PfDoctorLender *lender = lenders->pdata[number];

  for (guint i = 0; i < number; i++)
    if (g_strcmp0 (((const PfDoctorLender *) lenders->pdata[i])->who, lender->who) == 0)
      return TRUE;
  return FALSE;
}

static void
add_finding (GPtrArray *findings, const GPtrArray *lenders, guint number)
{
  const PfDoctorLender *lender = lenders->pdata[number];
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) now = g_string_new (NULL);
  g_autoptr (GString) for_good = g_string_new (NULL);

  for (guint i = number; i < lenders->len; i++)
    if (g_strcmp0 (((const PfDoctorLender *) lenders->pdata[i])->who, lender->who) == 0)
      add_controller (names, now, for_good, lenders->pdata[i]);
  g_string_append (now, for_good->str);
  pf_doctor_add (findings, PF_DOCTOR_HINT, "lenders",
                 g_strdup_printf (_ ("Lent by %s: %s."), lender->who, names->str),
                 _ ("It belongs to the guest although Portferry has not lent it, and does not come home with the "
                    "rest."),
                 now->str);
}

/**
 * pf_doctor_check_lenders:
 *
 * What is on vfio-pci without a record of ours: who lent it, and how it is given back.
 */
void
pf_doctor_check_lenders (GPtrArray *findings, const PfDoctorFacts *facts)
{
  for (guint i = 0; facts->lenders != NULL && i < facts->lenders->len; i++)
    if (!is_said (facts->lenders, i))
      add_finding (findings, facts->lenders, i);
}
