namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>The pages of docs/reference, made from the code.</summary>
internal static class ReferencePages
{
    public const string Folder = "docs/reference";

    /// <summary>What writes each page, by its path.</summary>
    public static IReadOnlyDictionary<string, Func<string>> All { get; } = new Dictionary<string, Func<string>>
    {
        [$"{Folder}/settings.md"] = SettingsPage.Write,
        [$"{Folder}/endpoints.md"] = EndpointsPage.Write,
        [$"{Folder}/claims.md"] = ClaimsPage.Write,
        [$"{Folder}/errors.md"] = ErrorsPage.Write,
        [$"{Folder}/events.md"] = EventsPage.Write,
    };
}
