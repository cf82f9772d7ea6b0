/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-effects-view.h"

#include <glib/gi18n.h>

#include "pf-mask-view.h"
#include "pf-profile-effects.h"
#include "pf-variant.h"
#include "pf-widgets.h"

#define WIDTH_CHARS 38

struct _PfEffectsView
{
  GtkBox parent;
  GtkWidget *functions;
  GtkWidget *mask_heading;
  GtkWidget *mask;
  GtkWidget *moves;
  GtkWidget *objections;
};

G_DEFINE_TYPE (PfEffectsView, pf_effects_view, GTK_TYPE_BOX)

/* A sentence with a sign before it; the sign is in words for who does not see it. */
static void
add_line (GtkWidget *box, const char *icon, const char *text)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = pf_widgets_paragraph (text);

  gtk_label_set_max_width_chars (GTK_LABEL (label), WIDTH_CHARS);
  gtk_label_set_width_chars (GTK_LABEL (label), WIDTH_CHARS - 6);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE);
  if (icon != NULL)
    {
      GtkWidget *image = gtk_image_new_from_icon_name (icon, GTK_ICON_SIZE_MENU);

      gtk_widget_set_valign (image, GTK_ALIGN_START);
      gtk_container_add (GTK_CONTAINER (line), image);
    }
  gtk_box_pack_start (GTK_BOX (line), label, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (box), line);
  gtk_widget_show_all (line);
}

/**
 * pf_effects_view_show_functions:
 * @view: a view
 * @effects: (element-type PfEffect): what goes to vfio-pci
 */
void
pf_effects_view_show_functions (PfEffectsView *view, GPtrArray *effects)
{
  pf_widgets_clear (GTK_CONTAINER (view->functions));
  for (guint i = 0; i < effects->len; i++)
    {
      const PfEffect *effect = effects->pdata[i];
      g_autofree char *text = pf_profile_effects_describe (effect);

      add_line (view->functions,
                effect->reason == PF_REASON_GROUP ? "org.portferry.Portferry-important-symbolic"
                                                  : "org.portferry.Portferry-lent-symbolic",
                text);
    }
  if (effects->len == 0)
    add_line (view->functions, NULL, _ ("No controller"));
}

static void
show_moves (PfEffectsView *view, GVariant *moves)
{
  GVariantIter iter;
  GVariant *move;
  guint n = 0;

  pf_widgets_clear (GTK_CONTAINER (view->moves));
  g_variant_iter_init (&iter, moves);
  while (g_variant_iter_loop (&iter, "@a{sv}", &move))
    {
      gboolean away = g_str_equal (pf_variant_get_string (move, "to"), "guest");
      const char *name = pf_variant_get_string (move, "name");
      g_autofree char *text = away ? g_strdup_printf (_ ("%s goes to the guest"), name)
                                   : g_strdup_printf (_ ("%s comes home"), name);

      if (!g_str_equal (pf_variant_get_string (move, "kind"), "device"))
        continue;
      add_line (view->moves,
                away ? "org.portferry.Portferry-lent-symbolic" : "org.portferry.Portferry-home-symbolic",
                text);
      n++;
    }
  if (n == 0)
    add_line (view->moves, NULL, _ ("No device"));
}

static void
add_objection (PfEffectsView *view, const char *severity, const char *message)
{
  g_autofree char *text = NULL;
  const char *icon;

  if (g_str_equal (severity, "note"))
    {
      /* Translators: %s is a sentence */
      text = g_strdup_printf (_ ("Good to know: %s"), message);
      icon = "dialog-information-symbolic";
    }
  else if (g_str_equal (severity, "soft"))
    {
      /* Translators: %s is a sentence */
      text = g_strdup_printf (_ ("Careful: %s"), message);
      icon = "dialog-warning-symbolic";
    }
  else
    {
      /* Translators: %s is a sentence */
      text = g_strdup_printf (_ ("Impossible now: %s"), message);
      icon = "dialog-error-symbolic";
    }
  add_line (view->objections, icon, text);
}

static void
show_objections (PfEffectsView *view, GVariant *objections)
{
  GVariantIter iter;
  GVariant *objection;
  gboolean speak_against = FALSE;

  pf_widgets_clear (GTK_CONTAINER (view->objections));
  g_variant_iter_init (&iter, objections);
  while (g_variant_iter_loop (&iter, "@a{sv}", &objection))
    {
      const char *severity = pf_variant_get_string (objection, "severity");

      add_objection (view, severity, pf_variant_get_string (objection, "message"));
      speak_against |= !g_str_equal (severity, "note");
    }
  if (!speak_against)
    add_line (view->objections, "org.portferry.Portferry-ok-symbolic", _ ("Nothing speaks against it."));
}

static void
show_routing (PfEffectsView *view, GVariant *routing)
{
  gboolean known = g_variant_n_children (routing) > 0;
  g_autoptr (GVariant) router = known ? g_variant_get_child_value (routing, 0) : NULL;

  gtk_widget_set_visible (view->mask_heading, known);
  gtk_widget_set_visible (view->mask, known);
  if (known)
    pf_mask_view_show (view->mask, pf_variant_get_uint (router, "value"));
}

/**
 * pf_effects_view_show_details:
 * @view: a view
 * @details: what the helper says that would be done
 */
void
pf_effects_view_show_details (PfEffectsView *view, const PfClientDetails *details)
{
  show_moves (view, details->moves);
  show_objections (view, details->objections);
  show_routing (view, details->routing);
}

/**
 * pf_effects_view_show_error:
 * @view: a view
 * @message: why nobody can say what would be done
 */
void
pf_effects_view_show_error (PfEffectsView *view, const char *message)
{
  pf_widgets_clear (GTK_CONTAINER (view->moves));
  pf_widgets_clear (GTK_CONTAINER (view->objections));
  gtk_widget_hide (view->mask_heading);
  gtk_widget_hide (view->mask);
  add_line (view->objections, "dialog-error-symbolic", message);
}

static GtkWidget *
add_part (PfEffectsView *view, const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_container_add (GTK_CONTAINER (view), pf_widgets_label (title, "pf-title"));
  gtk_container_add (GTK_CONTAINER (view), box);
  return box;
}

static void
pf_effects_view_class_init (PfEffectsViewClass *klass)
{
}

static void
pf_effects_view_init (PfEffectsView *view)
{
  view->objections = add_part (view, _ ("What speaks against it"));
  view->functions = add_part (view, _ ("Goes to vfio-pci"));
  view->moves = add_part (view, _ ("If you switch now"));
  view->mask_heading = pf_widgets_label (_ ("Routing register"), "pf-title");
  view->mask = pf_mask_view_new ();
  gtk_container_add (GTK_CONTAINER (view), view->mask_heading);
  gtk_container_add (GTK_CONTAINER (view), view->mask);
  gtk_widget_show_all (GTK_WIDGET (view));
  gtk_widget_set_no_show_all (view->mask_heading, TRUE);
  gtk_widget_set_no_show_all (view->mask, TRUE);
  gtk_widget_hide (view->mask_heading);
  gtk_widget_hide (view->mask);
}

GtkWidget *
pf_effects_view_new (void)
{
  return g_object_new (PF_TYPE_EFFECTS_VIEW, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 8, "margin",
                       18, NULL);
}
