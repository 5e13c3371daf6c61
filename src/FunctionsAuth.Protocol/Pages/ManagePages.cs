namespace FunctionsAuth.Protocol.Pages;

/// <summary>
/// A page on which the server is managed. It consists of blocks, as all of these pages show records, forms and lists in the same way. Every address
/// in it is relative to <c>manage/</c>, and its forms post to <see cref="Route"/> with <c>form_token</c> and <c>action</c>.
/// </summary>
/// <param name="Route">Its own address, such as <c>users/alice</c>; empty for the first page.</param>
public sealed record ManagePage(string Route, string FormToken) : PageModel
{
    /// <summary>The name of who is signed in.</summary>
    public required string Username { get; init; }

    public required Phrase Heading { get; init; }

    /// <summary>The pages that the person may see; empty for somebody who may see none.</summary>
    public IReadOnlyList<ManagePlace> Places { get; init; } = [];

    public required IReadOnlyList<ManageBlock> Blocks { get; init; }

    /// <summary>What was done; null where nothing was.</summary>
    public Phrase? Done { get; init; }

    /// <summary>Why nothing was done; null where nothing is wrong.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>What is wrong in detail, in English as the API says it.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}

/// <param name="IsOpen">The page that is shown is it, or belongs to it.</param>
public sealed record ManagePlace(string Page, Phrase Name, bool IsOpen);

/// <summary>A piece of text, a moment, or a link.</summary>
public sealed record ManageValue
{
    /// <summary>As it is stored, and not translated.</summary>
    public string? Plain { get; init; }

    public Phrase? Text { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>A page that it leads to; null for none.</summary>
    public string? Page { get; init; }

    /// <summary>A name of programs, which stands in the letters of programs.</summary>
    public bool IsCode { get; init; }

    public static ManageValue Of(string? text) => new() { Plain = text };

    public static ManageValue Of(Phrase text) => new() { Text = text };

    public static ManageValue Of(DateTimeOffset at) => new() { At = at };

    public static ManageValue Code(string text) => new() { Plain = text, IsCode = true };
}

/// <param name="Heading">Above it; null for none.</param>
public abstract record ManageBlock(Phrase? Heading);

/// <summary>A paragraph.</summary>
public sealed record ManageText(Phrase Text, Phrase? Heading = null) : ManageBlock(Heading)
{
    /// <summary>What can go wrong: it stands out.</summary>
    public bool IsWarning { get; init; }
}

/// <summary>Names and what they stand for.</summary>
public sealed record ManageFacts(IReadOnlyList<ManageFact> Facts, Phrase? Heading = null) : ManageBlock(Heading);

public sealed record ManageFact(ManageValue Name, ManageValue Value);

/// <summary>A list, of which each row may have buttons.</summary>
public sealed record ManageRows(IReadOnlyList<ManageRow> Rows, Phrase? Heading = null) : ManageBlock(Heading)
{
    /// <summary>Stands there where there is no row; null for nothing.</summary>
    public Phrase? Empty { get; init; }

    /// <summary>The page with the next rows; null at the end.</summary>
    public string? Next { get; init; }

    /// <summary>The rows stand in the order of time.</summary>
    public bool IsTimeline { get; init; }
}

public sealed record ManageRow(ManageValue Title)
{
    public IReadOnlyList<Phrase> Tags { get; init; } = [];

    public IReadOnlyList<ManageFact> Facts { get; init; } = [];

    /// <summary>A sentence more, in English; null for none.</summary>
    public string? Text { get; init; }

    public IReadOnlyList<ManageButton> Buttons { get; init; } = [];

    public bool IsWarning { get; init; }
}

/// <summary>Buttons beside each other.</summary>
public sealed record ManageButtons(IReadOnlyList<ManageButton> Buttons, Phrase? Heading = null) : ManageBlock(Heading);

/// <summary>Posts <c>action</c>, <c>target</c> and <c>etag</c>, or leads to a page.</summary>
public sealed record ManageButton(Phrase Text)
{
    public string? Action { get; init; }

    public string? Target { get; init; }

    public string? Etag { get; init; }

    /// <summary>Where it leads; null for a button that posts.</summary>
    public string? Page { get; init; }

    /// <summary>Whom or what it concerns, for a reader who hears it alone.</summary>
    public string? Concerns { get; init; }

    public bool IsDanger { get; init; }

    public bool IsPrimary { get; init; }
}

/// <summary>A form. One with <see cref="SearchPage"/> is sent by GET and changes nothing.</summary>
public sealed record ManageForm(string Action, Phrase Button, IReadOnlyList<ManageField> Fields, Phrase? Heading = null) : ManageBlock(Heading)
{
    /// <summary>Of the record as it was shown.</summary>
    public string? Etag { get; init; }

    public string? Target { get; init; }

    public string? SearchPage { get; init; }

    /// <summary>It is closed until the person opens it.</summary>
    public bool IsFolded { get; init; }

    /// <summary>It asks before something is done that matters. The page shows nothing else then.</summary>
    public bool IsDanger { get; init; }

    /// <summary>The page of who would rather not; null for none.</summary>
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

/// <param name="Name">As the API has it.</param>
public sealed record ManageField(string Name, Phrase Label, ManageFieldKind Kind = ManageFieldKind.Line)
{
    /// <summary>For a checkbox, <c>true</c> or nothing.</summary>
    public string? Value { get; init; }

    public Phrase? Hint { get; init; }

    /// <summary>What another person stored in the meantime; null where that is what the field has.</summary>
    public string? StoredNow { get; init; }

    /// <summary>What is wrong, in English; null where nothing is.</summary>
    public string? Problem { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>The values of a choice, with their names.</summary>
    public IReadOnlyList<(string Value, Phrase Name)> Choices { get; init; } = [];
}

/// <summary>A text to copy.</summary>
/// <param name="IsSecret">It is shown this once.</param>
public sealed record ManageSnippet(string Text, Phrase? Heading = null, bool IsSecret = false) : ManageBlock(Heading);

/// <summary>How often something happened, hour by hour.</summary>
public sealed record ManageChart(Phrase Name, IReadOnlyList<long> Counts, DateTimeOffset From, bool IsWarning = false);

/// <summary>Charts beside each other.</summary>
public sealed record ManageCharts(IReadOnlyList<ManageChart> Charts, Phrase? Heading = null) : ManageBlock(Heading);

/// <summary>A link to an address of the server that is no page of these, relative to where all of them begin.</summary>
public sealed record ManageLink(string Address, Phrase Text, Phrase? Heading = null) : ManageBlock(Heading);
