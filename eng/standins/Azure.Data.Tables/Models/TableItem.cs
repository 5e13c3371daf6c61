namespace Azure.Data.Tables.Models;

/// <summary>A table of an account.</summary>
public class TableItem(string name)
{
    public string Name { get; } = name;
}

/// <summary>Makes the models that the service answers with, for derived clients and tests.</summary>
public static class TableModelFactory
{
    public static TableItem TableItem(
        string? name = null, string? odataType = null, string? odataId = null, string? odataEditLink = null) => new(name!);
}
