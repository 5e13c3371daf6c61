namespace FunctionsAuth.Protocol.Import;

/// <summary>The result of an import.</summary>
public sealed record ImportSummary(ImportCount Scopes, ImportCount Resources, ImportCount Clients, ImportCount Users, ImportCount Groups, ImportCount AuthorizationDetailsTypes)
{
    private (string Kind, ImportCount Count)[] Counts =>
        [("scopes", Scopes), ("resources", Resources), ("authorization details types", AuthorizationDetailsTypes), ("groups", Groups), ("clients", Clients), ("users", Users)];

    public bool HasChanges => Counts.Any(kind => kind.Count.Created + kind.Count.Updated > 0);

    /// <summary>The result as lines of text, one for each kind of record that the file has.</summary>
    public override string ToString() => string.Join('\n', Counts.Where(kind => kind.Count.Total > 0).Select(kind => $"{kind.Kind}: {kind.Count}").DefaultIfEmpty("nothing"));
}

/// <summary>The result for the records of one kind.</summary>
public sealed record ImportCount(int Created, int Updated, int Unchanged)
{
    public int Total => Created + Updated + Unchanged;

    /// <summary>Such as <c>1 created, 3 unchanged</c>.</summary>
    public override string ToString() =>
        string.Join(", ", Outcomes.Where(outcome => outcome.Count > 0).Select(outcome => $"{outcome.Count} {outcome.What}").DefaultIfEmpty("none"));

    private (int Count, string What)[] Outcomes => [(Created, "created"), (Updated, "updated"), (Unchanged, "unchanged")];

    internal static ImportCount Of(IReadOnlyCollection<ImportOutcome> outcomes) => new(
        outcomes.Count(outcome => outcome == ImportOutcome.Created),
        outcomes.Count(outcome => outcome == ImportOutcome.Updated),
        outcomes.Count(outcome => outcome == ImportOutcome.Unchanged));
}

internal enum ImportOutcome
{
    Unchanged,
    Created,
    Updated,
}
