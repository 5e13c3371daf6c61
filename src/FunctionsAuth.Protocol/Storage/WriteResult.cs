namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// What a compare-and-swap found. Either it won, or <see cref="Current"/> is the record as it stands now, so that the
/// caller can decide again without reading it a second time; null when it is gone.
/// </summary>
/// <typeparam name="T">The record that was written.</typeparam>
public readonly record struct WriteResult<T>(bool Won, T? Current)
    where T : class;
