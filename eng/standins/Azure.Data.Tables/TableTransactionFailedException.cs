namespace Azure.Data.Tables;

/// <summary>A transaction was refused as a whole because of one of its actions.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    /// <summary>The entry of <see cref="Exception.Data"/> which holds the index, as text.</summary>
    internal const string FailedEntity = "FailedEntity";

    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            requestFailedException.Status, requestFailedException.Message,
            requestFailedException.ErrorCode, requestFailedException.InnerException)
    {
        foreach (var key in requestFailedException.Data.Keys) Data[key] = requestFailedException.Data[key];
        if (Data[FailedEntity] is string text && int.TryParse(text, out var index)) FailedTransactionActionIndex = index;
    }

    /// <summary>Which of the actions it was, from 0; null when the service didn't say.</summary>
    public int? FailedTransactionActionIndex { get; }
}
