using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Azure.Tables;

/// <summary>A table, and what the timer and the operator's commands do with its rows.</summary>
public sealed record TableDescription(string Name)
{
    /// <summary>Its rows stand at a <see cref="Protocol.Storage.RecordAddress"/>, and the timer deletes those whose hour is over.</summary>
    public bool Expires { get; init; }

    /// <summary>How long after that hour the timer deletes them.</summary>
    public Func<ServerOptions, TimeSpan> Delay { get; init; } = _ => TimeSpan.Zero;

    /// <summary>
    /// A copy of the tables has it. Rows must not be copied that were used, revoked or ended since: a restore would make them good again.
    /// </summary>
    public bool IsCopied { get; init; }
}
