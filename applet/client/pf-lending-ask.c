/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds out which controllers the host cannot do without now. The planner knows that, so the helper is asked what a
 * profile would do that lends one controller of each group. */

#include "pf-lending.h"
#include "pf-variant.h"

typedef struct
{
  GTask *task;
  GPtrArray *controllers;
  guint n_open;
} Question;

typedef struct
{
  Question *question;
  PfLendingController *controller;
} Asked;

static void
close_one (Question *question)
{
  if (--question->n_open > 0)
    return;
  g_task_return_pointer (question->task, question->controllers, (GDestroyNotify) g_ptr_array_unref);
  g_object_unref (question->task);
  g_free (question);
}

/* Returns: (transfer full) (nullable): why the controller cannot leave. That a virtual machine holds something is no
 * matter of this controller. */
static char *
find_obstacle (GVariant *objections)
{
  for (gsize i = 0; i < g_variant_n_children (objections); i++)
    {
      g_autoptr (GVariant) objection = g_variant_get_child_value (objections, i);
      const char *code = pf_variant_get_string (objection, "code");

      if (g_str_equal (pf_variant_get_string (objection, "severity"), "hard") && !g_str_equal (code, "held")
          && !g_str_equal (code, "stuck"))
        return g_strdup (pf_variant_get_string (objection, "message"));
    }
  return NULL;
}

static void
on_details (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfClientDetails) details = pf_client_preview_details_finish (PF_CLIENT (source), result, &error);

  if (details != NULL)
    asked->controller->obstacle = find_obstacle (details->objections);
  else
    g_debug ("%s: %s", asked->controller->address, error->message);
  close_one (asked->question);
  g_free (asked);
}

static void
ask_about (PfClient *client, Question *question, PfLendingController *controller)
{
  const char *const addresses[] = { controller->address, NULL };
  GVariantBuilder settings;
  Asked *asked = g_new0 (Asked, 1);

  asked->question = question;
  asked->controller = controller;
  g_variant_builder_init (&settings, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&settings, "{sv}", "controllers", g_variant_new_strv (addresses, -1));
  question->n_open++;
  pf_client_preview_details_async (client, g_variant_builder_end (&settings),
                                   g_task_get_cancellable (question->task), on_details, asked);
}

/* Controllers of one group leave together. */
static gboolean
is_first_of_group (const GPtrArray *controllers, guint index)
{
  const PfLendingController *controller = controllers->pdata[index];

  for (guint i = 0; i < index; i++)
    if (controller->group >= 0 && ((const PfLendingController *) controllers->pdata[i])->group == controller->group)
      return FALSE;
  return TRUE;
}

/**
 * pf_lending_ask_async:
 * @client: a client that is READY
 * @cancellable: (nullable): stops waiting
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * As pf_lending_read(), and asks the helper what the host uses of each. Where it does not say, nothing is in the way.
 */
void
pf_lending_ask_async (PfClient *client, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (question->task, pf_lending_ask_async);
  question->controllers = pf_lending_read (client);
  question->n_open = 1;
  for (guint i = 0; i < question->controllers->len; i++)
    {
      PfLendingController *controller = question->controllers->pdata[i];

      if (controller->can_be_lent && !controller->is_away && is_first_of_group (question->controllers, i))
        ask_about (client, question, controller);
    }
  close_one (question);
}

/**
 * pf_lending_ask_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type PfLendingController) (nullable): what is known of the machine's controllers
 */
GPtrArray *
pf_lending_ask_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
