namespace FunctionsAuth.Protocol.Pages;

/// <summary>
/// A page for managing the server. It consists of blocks, because all of these pages show records, forms and lists in the same way. All addresses in it are
/// relative to <c>manage/</c>, and its forms post to <see cref="Route"/> with <c>form_token</c> and <c>action</c>.
/// </summary>
/// <param name="Route">Its own address, such as <c>users/alice</c>; empty for the first page.</param>
public sealed record ManagePage(string Route, string FormToken) : PageModel
{
    /// <summary>The name of the signed-in user.</summary>
    public required string Username { get; init; }

    public required Phrase Heading { get; init; }

    /// <summary>The pages that the user may see; empty for a user who may see none.</summary>
    public IReadOnlyList<ManagePlace> Places { get; init; } = [];

    public required IReadOnlyList<ManageBlock> Blocks { get; init; }

    /// <summary>A message about the completed action; null without one.</summary>
    public Phrase? Done { get; init; }

    /// <summary>The reason why nothing was changed; null if nothing is wrong.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>The problems in detail, in English, as the API returns them.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}

/// <param name="IsOpen">The current page is this place, or belongs to it.</param>
public sealed record ManagePlace(string Page, Phrase Name, bool IsOpen);

/// <summary>A text, a time, or a link.</summary>
public sealed record ManageValue
{
    /// <summary>A stored text, which is not translated.</summary>
    public string? Plain { get; init; }

    public Phrase? Text { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>The page to which the value links; null for none.</summary>
    public string? Page { get; init; }

    /// <summary>A technical name, which is shown in a monospaced font.</summary>
    public bool IsCode { get; init; }

    public static ManageValue Of(string? text) => new() { Plain = text };

    public static ManageValue Of(Phrase text) => new() { Text = text };

    public static ManageValue Of(DateTimeOffset at) => new() { At = at };

    public static ManageValue Code(string text) => new() { Plain = text, IsCode = true };
}

/// <param name="Heading">The heading above the block; null for none.</param>
public abstract record ManageBlock(Phrase? Heading);

/// <summary>A paragraph.</summary>
public sealed record ManageText(Phrase Text, Phrase? Heading = null) : ManageBlock(Heading)
{
    /// <summary>A warning, which is highlighted.</summary>
    public bool IsWarning { get; init; }
}

/// <summary>Names and their values.</summary>
public sealed record ManageFacts(IReadOnlyList<ManageFact> Facts, Phrase? Heading = null) : ManageBlock(Heading);

public sealed record ManageFact(ManageValue Name, ManageValue Value);

/// <summary>A list. Each row can have buttons.</summary>
public sealed record ManageRows(IReadOnlyList<ManageRow> Rows, Phrase? Heading = null) : ManageBlock(Heading)
{
    /// <summary>The text that is shown if there are no rows; null for none.</summary>
    public Phrase? Empty { get; init; }

    /// <summary>The page with the next rows; null at the end.</summary>
    public string? Next { get; init; }

    /// <summary>The rows are in order of time.</summary>
    public bool IsTimeline { get; init; }
}

public sealed record ManageRow(ManageValue Title)
{
    public IReadOnlyList<Phrase> Tags { get; init; } = [];

    public IReadOnlyList<ManageFact> Facts { get; init; } = [];

    /// <summary>An additional sentence, in English; null for none.</summary>
    public string? Text { get; init; }

    public IReadOnlyList<ManageButton> Buttons { get; init; } = [];

    public bool IsWarning { get; init; }
}

/// <summary>Buttons next to each other.</summary>
public sealed record ManageButtons(IReadOnlyList<ManageButton> Buttons, Phrase? Heading = null) : ManageBlock(Heading);

/// <summary>Posts <c>action</c>, <c>target</c> and <c>etag</c>, or links to a page.</summary>
public sealed record ManageButton(Phrase Text)
{
    public string? Action { get; init; }

    public string? Target { get; init; }

    public string? Etag { get; init; }

    /// <summary>The page to which it links; null for a button that posts.</summary>
    public string? Page { get; init; }

    /// <summary>The record that the button is for. Screen readers read it with the text of the button.</summary>
    public string? Concerns { get; init; }

    public bool IsDanger { get; init; }

    public bool IsPrimary { get; init; }
}

/// <summary>A form. A form with <see cref="SearchPage"/> is sent by GET and changes nothing.</summary>
public sealed record ManageForm(string Action, Phrase Button, IReadOnlyList<ManageField> Fields, Phrase? Heading = null) : ManageBlock(Heading)
{
    /// <summary>The entity tag of the record at the time when the form was shown.</summary>
    public string? Etag { get; init; }

    public string? Target { get; init; }

    public string? SearchPage { get; init; }

    /// <summary>The form is closed until the user opens it.</summary>
    public bool IsFolded { get; init; }

    /// <summary>The form asks for confirmation before an important action. The page then shows only this form.</summary>
    public bool IsDanger { get; init; }

    /// <summary>The page for a user who cancels; null for none.</summary>
    public string? Cancel { get; init; }
}

public enum ManageFieldKind
{
    Line,
    Lines,
    Check,
    Choice,
    Moment,
    Email,
}

/// <param name="Name">The name of the member in the API.</param>
public sealed record ManageField(string Name, Phrase Label, ManageFieldKind Kind = ManageFieldKind.Line)
{
    /// <summary>For a checkbox, <c>true</c> or nothing.</summary>
    public string? Value { get; init; }

    public Phrase? Hint { get; init; }

    /// <summary>The value that another user stored in the meantime; null if the field has this value.</summary>
    public string? StoredNow { get; init; }

    /// <summary>The problem with the value, in English; null if there is none.</summary>
    public string? Problem { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>The values of a choice, with their names.</summary>
    public IReadOnlyList<(string Value, Phrase Name)> Choices { get; init; } = [];
}

/// <summary>A text to copy.</summary>
/// <param name="IsSecret">The text is a secret that is shown only once.</param>
public sealed record ManageSnippet(string Text, Phrase? Heading = null, bool IsSecret = false) : ManageBlock(Heading);

/// <summary>The number of events in each hour.</summary>
public sealed record ManageChart(Phrase Name, IReadOnlyList<long> Counts, DateTimeOffset From, bool IsWarning = false);

/// <summary>Charts next to each other.</summary>
public sealed record ManageCharts(IReadOnlyList<ManageChart> Charts, Phrase? Heading = null) : ManageBlock(Heading);

/// <summary>A link to an address of the server that is not a management page. It is relative to the base address of the server.</summary>
public sealed record ManageLink(string Address, Phrase Text, Phrase? Heading = null) : ManageBlock(Heading);
