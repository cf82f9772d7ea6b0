/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-preview-dialog.h"

#include <glib/gi18n.h>

#define WIDTH 460
#define MAX_HEIGHT 420
#define MARGIN 12
#define MAX_CHARS 56

struct _PfPreviewDialog
{
  GtkDialog parent;
  GtkWidget *heading;
  GtkWidget *body;      /* the lists, made anew for each model */
  GtkWidget *power_off; /* a check button */
  GtkWidget *failure;   /* an info bar */
  GtkWidget *failure_label;
  GtkWidget *spinner;
  GtkWidget *cancel;
  GtkWidget *deed;
  char *shown_deed; /* (nullable): what the button said last */
};

G_DEFINE_TYPE (PfPreviewDialog, pf_preview_dialog, GTK_TYPE_DIALOG)

static GtkWidget *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  return label;
}

static GtkWidget *
create_bold_label (const char *text)
{
  GtkWidget *label = create_label (text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);
  return label;
}

static void
add (GtkWidget *box, GtkWidget *child)
{
  gtk_box_pack_start (GTK_BOX (box), child, FALSE, FALSE, 0);
}

static void
add_list (GtkWidget *body, const char *title, GPtrArray *lines)
{
  GtkWidget *box;

  if (lines->len == 0)
    return;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  add (box, create_bold_label (title));
  for (guint i = 0; i < lines->len; i++)
    {
      g_autofree char *line = g_strconcat ("• ", lines->pdata[i], NULL);
      GtkWidget *label = create_label (line);

      gtk_widget_set_margin_start (label, 12);
      add (box, label);
    }
  add (body, box);
}

/* The picture says with its shape, and its name, what a colour alone would not. */
static GtkWidget *
create_icon (const char *icon_name, const char *spoken)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name, GTK_ICON_SIZE_LARGE_TOOLBAR);

  atk_object_set_name (gtk_widget_get_accessible (icon), spoken);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  return icon;
}

static GtkWidget *
create_objection (const PfPreviewObjection *objection)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *icon = objection->hard ? create_icon ("dialog-error-symbolic", _ ("Not possible"))
                                    : create_icon ("dialog-warning-symbolic", _ ("Warning"));

  add (words, create_bold_label (objection->title));
  add (words, create_label (objection->message));
  add (row, icon);
  gtk_box_pack_start (GTK_BOX (row), words, TRUE, TRUE, 0);
  return row;
}

static void
show_deed (PfPreviewDialog *dialog, const char *deed)
{
  gtk_widget_set_visible (dialog->deed, deed != NULL);
  gtk_button_set_label (GTK_BUTTON (dialog->cancel), deed != NULL ? _ ("_Cancel") : _ ("_Close"));
  if (g_strcmp0 (deed, dialog->shown_deed) == 0)
    return;
  g_free (dialog->shown_deed);
  dialog->shown_deed = g_strdup (deed);
  gtk_button_set_label (GTK_BUTTON (dialog->deed), deed != NULL ? deed : "");
}

static void
remove_child (GtkWidget *child, gpointer user_data)
{
  gtk_widget_destroy (child);
}

/**
 * pf_preview_dialog_show_model:
 * @dialog: a dialog
 * @model: what to tell
 *
 * Shows @model in place of what was shown before. Where something speaks against the switch, the Return key
 * does not do it.
 */
void
pf_preview_dialog_show_model (PfPreviewDialog *dialog, const PfPreviewModel *model)
{
  GtkDialog *itself = GTK_DIALOG (dialog);

  gtk_window_set_title (GTK_WINDOW (dialog), model->title);
  gtk_label_set_text (GTK_LABEL (dialog->heading), model->title);
  gtk_container_foreach (GTK_CONTAINER (dialog->body), remove_child, NULL);
  for (guint i = 0; i < model->objections->len; i++)
    add (dialog->body, create_objection (model->objections->pdata[i]));
  add_list (dialog->body, _ ("Moves to the VM:"), model->goes);
  add_list (dialog->body, _ ("Comes home:"), model->comes);
  add_list (dialog->body, _ ("Stays:"), model->stays);
  add_list (dialog->body, _ ("Good to know:"), model->notes);
  gtk_widget_show_all (dialog->body);
  gtk_widget_set_visible (dialog->power_off, model->unmount[0] != NULL && model->deed != NULL);
  show_deed (dialog, model->deed);
  gtk_dialog_set_default_response (itself,
                                   model->objections->len == 0 ? GTK_RESPONSE_ACCEPT : GTK_RESPONSE_CANCEL);
}

/**
 * pf_preview_dialog_set_working:
 * @dialog: a dialog
 * @working: whether what was asked for is under way; it can be cancelled
 */
void
pf_preview_dialog_set_working (PfPreviewDialog *dialog, gboolean working)
{
  gtk_widget_set_sensitive (dialog->deed, !working);
  gtk_widget_set_sensitive (dialog->power_off, !working);
  gtk_widget_set_visible (dialog->spinner, working);
  g_object_set (dialog->spinner, "active", working, NULL);
  if (working)
    gtk_widget_hide (dialog->failure);
}

/**
 * pf_preview_dialog_show_failure:
 * @dialog: a dialog
 * @text: why it could not be done, in words
 */
void
pf_preview_dialog_show_failure (PfPreviewDialog *dialog, const char *text)
{
  gtk_label_set_text (GTK_LABEL (dialog->failure_label), text);
  gtk_widget_show (dialog->failure);
}

/**
 * pf_preview_dialog_wants_power_off:
 * @dialog: a dialog
 *
 * Returns: whether what is unmounted is to be switched off as well
 */
gboolean
pf_preview_dialog_wants_power_off (PfPreviewDialog *dialog)
{
  return gtk_widget_get_visible (dialog->power_off)
         && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (dialog->power_off));
}

static void
pf_preview_dialog_finalize (GObject *object)
{
  g_free (PF_PREVIEW_DIALOG (object)->shown_deed);
  G_OBJECT_CLASS (pf_preview_dialog_parent_class)->finalize (object);
}

static void
pf_preview_dialog_class_init (PfPreviewDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_preview_dialog_finalize;
}

static GtkWidget *
create_heading (void)
{
  GtkWidget *heading = create_bold_label (NULL);
  PangoAttrList *attributes = gtk_label_get_attributes (GTK_LABEL (heading));

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_LARGE));
  gtk_label_set_attributes (GTK_LABEL (heading), attributes);
  return heading;
}

/* As high as its text, up to a bound. */
static GtkWidget *
create_body (PfPreviewDialog *dialog)
{
  GtkWidget *scroller = gtk_scrolled_window_new (NULL, NULL);

  dialog->body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_HEIGHT);
  atk_object_set_name (gtk_widget_get_accessible (scroller), _ ("What would change"));
  gtk_container_add (GTK_CONTAINER (scroller), dialog->body);
  return scroller;
}

static void
add_failure (PfPreviewDialog *dialog, GtkWidget *content)
{
  GtkWidget *icon = create_icon ("dialog-error-symbolic", _ ("Error"));
  GtkContainer *area;

  dialog->failure = gtk_info_bar_new ();
  dialog->failure_label = create_label (NULL);
  gtk_info_bar_set_message_type (GTK_INFO_BAR (dialog->failure), GTK_MESSAGE_ERROR);
  area = GTK_CONTAINER (gtk_info_bar_get_content_area (GTK_INFO_BAR (dialog->failure)));
  gtk_container_add (area, icon);
  gtk_container_add (area, dialog->failure_label);
  gtk_widget_show (icon);
  gtk_widget_show (dialog->failure_label);
  gtk_widget_set_no_show_all (dialog->failure, TRUE);
  add (content, dialog->failure);
}

static void
add_buttons (PfPreviewDialog *dialog)
{
  GtkDialog *itself = GTK_DIALOG (dialog);

  dialog->cancel = gtk_dialog_add_button (itself, _ ("_Cancel"), GTK_RESPONSE_CANCEL);
  dialog->deed = gtk_dialog_add_button (itself, "", GTK_RESPONSE_ACCEPT);
  gtk_widget_set_no_show_all (dialog->deed, TRUE);
}

static void
pf_preview_dialog_init (PfPreviewDialog *dialog)
{
  GtkWidget *content = gtk_dialog_get_content_area (GTK_DIALOG (dialog));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_box_set_spacing (GTK_BOX (content), 12);
  gtk_window_set_default_size (GTK_WINDOW (dialog), WIDTH, -1);
  gtk_window_set_resizable (GTK_WINDOW (dialog), FALSE);
  gtk_window_set_position (GTK_WINDOW (dialog), GTK_WIN_POS_CENTER);
  gtk_container_set_border_width (GTK_CONTAINER (dialog), MARGIN);
  gtk_widget_set_size_request (box, WIDTH, -1);
  add_failure (dialog, content);
  dialog->heading = create_heading ();
  add (box, dialog->heading);
  add (box, create_body (dialog));
  dialog->power_off = gtk_check_button_new_with_mnemonic (_ ("Switch the stick or disk _off as well"));
  gtk_widget_set_no_show_all (dialog->power_off, TRUE);
  add (box, dialog->power_off);
  dialog->spinner = gtk_spinner_new ();
  gtk_widget_set_no_show_all (dialog->spinner, TRUE);
  atk_object_set_name (gtk_widget_get_accessible (dialog->spinner), _ ("Unmounting…"));
  add (box, dialog->spinner);
  add (content, box);
  add_buttons (dialog);
  gtk_widget_show_all (content);
}

GtkWidget *
pf_preview_dialog_new (void)
{
  return g_object_new (PF_TYPE_PREVIEW_DIALOG, "use-header-bar", FALSE, NULL);
}
