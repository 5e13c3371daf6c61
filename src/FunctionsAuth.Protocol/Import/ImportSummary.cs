namespace FunctionsAuth.Protocol.Import;

/// <summary>The result of an import.</summary>
public sealed record ImportSummary(ImportCount Scopes, ImportCount Resources, ImportCount Clients, ImportCount Users, ImportCount Groups, ImportCount AuthorizationDetailsTypes)
{
    public bool HasChanges => ((ImportCount[])[Scopes, Resources, AuthorizationDetailsTypes, Clients, Users, Groups]).Any(count => count.Created + count.Updated > 0);

    /// <summary>The result as lines of text.</summary>
    public override string ToString() => $"scopes: {Scopes}\nresources: {Resources}\nauthorization details types: {AuthorizationDetailsTypes}\ngroups: {Groups}\nclients: {Clients}\nusers: {Users}";
}

/// <summary>The result for the records of one kind.</summary>
public sealed record ImportCount(int Created, int Updated, int Unchanged)
{
    public override string ToString() => $"{Created} created, {Updated} updated, {Unchanged} unchanged";

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
